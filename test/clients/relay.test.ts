import { fetchQuery, getRefetchMetadata } from 'relay-runtime';
import { expect, test } from 'vitest';
import detailsFragment, {
  type certificates_details$data,
} from './relay/__generated__/certificates_details.graphql.ts';
import deleteMutation, {
  type certificatesDeleteMutation,
} from './relay/__generated__/certificatesDeleteMutation.graphql.ts';
import generateMutation, {
  type certificatesGenerateMutation,
} from './relay/__generated__/certificatesGenerateMutation.graphql.ts';
import { createEnvironment, mutate, readFragment } from './relay/environment.ts';
import { openList } from './relay/list.ts';
import { expectAll, serve } from './support.ts';

async function serveRelay() {
  const service = await serve();
  return { ...service, environment: createEnvironment(service.endpoint, service.fetch) };
}

test('a pagination fragment walks forward', async () => {
  const { environment, requests } = await serveRelay();
  const list = await openList(environment, { first: 25 });
  await list.loadAll('forward', 25);
  expectAll(list.ids());
  expect(requests).toHaveLength(5);
});

test('a pagination fragment walks backward', async () => {
  const { environment, requests } = await serveRelay();
  const list = await openList(environment, { last: 25 });
  await list.loadAll('backward', 25);
  expectAll(list.ids());
  expect(requests).toHaveLength(5);
});

test('a pagination fragment that starts in the middle walks to both ends', async () => {
  const { environment, page } = await serveRelay();
  const { pageInfo } = await page('first: 50');
  const list = await openList(environment, { first: 20, after: pageInfo.endCursor });
  await list.loadAll('backward', 20);
  await list.loadAll('forward', 20);
  expectAll(list.ids());
  expect(list.ids()).toEqual((await page('first: 500')).ids);
});

test('a refetchable fragment is fetched again through node', async () => {
  const { environment, query } = await serveRelay();
  const list = await openList(environment, { first: 3 });
  const [node] = list.nodes();
  if (!node) throw new Error('there is no node');
  const details = () => readFragment<certificates_details$data>(environment, detailsFragment, node);
  expect(details()).toMatchObject({ clientCertificateId: 'c000', description: null, tags: [] });

  await query(
    'mutation { updateClientCertificate(input: { id: "c000", description: "new" }) { __typename } }',
  );
  expect(details().description).toBeNull();
  const { refetchableRequest } = getRefetchMetadata(detailsFragment, 'details');
  await fetchQuery(environment, refetchableRequest, { id: node.id }).toPromise();
  expect(details().description).toBe('new');
});

test('a generate appends its edge to the list, and the list continues after its cursor', async () => {
  const { environment, page, requests } = await serveRelay();
  const list = await openList(environment, { first: 100 });
  await list.loadAll('forward', 100);
  const before = list.ids();
  const { generateClientCertificate } = await mutate<certificatesGenerateMutation>(environment, {
    mutation: generateMutation,
    variables: {
      input: { description: 'appended', tags: [{ key: 'team', value: 'a' }] },
      connections: [list.connectionId()],
    },
  });
  const { cursor, node } = generateClientCertificate.clientCertificateEdge ?? {};
  if (!node) throw new Error('there is no edge');
  expect(list.ids()).toEqual([...before, node.id]);
  expect(readFragment<certificates_details$data>(environment, detailsFragment, node)).toMatchObject({
    description: 'appended',
    tags: [{ key: 'team', value: 'a' }],
  });
  expect(requests).toHaveLength(3);

  const { ids } = await page('first: 500');
  const behind = await page(`first: 500, after: ${JSON.stringify(cursor)}`);
  expect(behind.ids).toEqual(ids.slice(ids.indexOf(node.id) + 1));
});

test('a refused generate does not change the list', async () => {
  const { environment } = await serveRelay();
  const list = await openList(environment, { first: 3 });
  const before = list.ids();
  const { generateClientCertificate } = await mutate<certificatesGenerateMutation>(environment, {
    mutation: generateMutation,
    variables: {
      input: { tags: [{ key: 'aws:team', value: 'a' }] },
      connections: [list.connectionId()],
    },
  });
  expect(generateClientCertificate).toMatchObject({
    __typename: 'InvalidInputError',
    code: 'BAD_USER_INPUT',
  });
  expect(list.ids()).toEqual(before);
});

test('a delete removes the record, and with it the node from the list', async () => {
  const { environment, requests } = await serveRelay();
  const list = await openList(environment, { first: 60 });
  await list.loadAll('forward', 60);
  const before = list.ids();
  const id = before[70] ?? '';
  const { deleteClientCertificate } = await mutate<certificatesDeleteMutation>(environment, {
    mutation: deleteMutation,
    variables: { input: { id, evenIfUsed: true } },
  });
  expect(deleteClientCertificate).toMatchObject({ deletedClientCertificateId: id });
  expect(list.ids()).toEqual(before.filter((other) => other !== id));
  expect(requests).toHaveLength(3);
});
