import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  ApolloClient,
  type ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { buildSchema, isAbstractType } from 'graphql';
import { filter, firstValueFrom, mergeMap, tap } from 'rxjs';
import { expect, onTestFinished, test } from 'vitest';
import type { List, ListVariables, PageInfo, Update, UpdateVariables } from './operations.ts';
import * as operations from './operations.ts';
import { expectAll, serve } from './support.ts';

const LIST: TypedDocumentNode<List, ListVariables> = gql(operations.LIST);
const UPDATE: TypedDocumentNode<Update, UpdateVariables> = gql(operations.UPDATE);

const sdl = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
const schema = buildSchema(sdl, { assumeValidSDL: true });
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

/** The service, and a watched list of it. */
async function watchList(
  variables: ListVariables,
  linkOf: (options: HttpLink.Options) => ApolloLink = (options) => new HttpLink(options),
) {
  const service = await serve();
  const client = new ApolloClient({
    link: linkOf({ uri: service.endpoint, fetch: service.fetch }),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        Query: { fields: { clientCertificates: relayStylePagination(['filter', 'orderBy']) } },
      },
    }),
  });
  const list = client.watchQuery({ query: LIST, variables });
  const pages = list.pipe(
    mergeMap((result) =>
      result.dataState === 'complete' && !result.loading ? [result.data.clientCertificates] : [],
    ),
  );
  const subscription = pages.subscribe();
  onTestFinished(() => {
    subscription.unsubscribe();
    client.stop();
  });
  await firstValueFrom(pages);
  return {
    ...service,
    client,
    nodes: async () => (await firstValueFrom(pages)).edges.flatMap(({ node }) => node ?? []),
    /** Fetches the next page after each change of the list, until there is none. */
    fetchAll: async (next: (pageInfo: PageInfo) => ListVariables | undefined): Promise<string[]> => {
      const whole = pages.pipe(
        tap(({ pageInfo }) => {
          const variables = next(pageInfo);
          if (variables) void list.fetchMore({ variables });
        }),
        filter(({ pageInfo }) => next(pageInfo) === undefined),
      );
      return (await firstValueFrom(whole)).edges.map(({ node }) => node?.id ?? '');
    },
  };
}

const forward = ({ hasNextPage, endCursor }: PageInfo) => (hasNextPage ? { after: endCursor } : undefined);

test.each(['GET', 'POST'])('relayStylePagination walks forward with %s', async (method) => {
  const linkOf = (options: HttpLink.Options) =>
    new HttpLink({ ...options, useGETForQueries: method === 'GET' });
  const { fetchAll, requests } = await watchList({ first: 25 }, linkOf);
  expectAll(await fetchAll(forward));
  expect(requests.map((request) => request.method)).toEqual(Array(5).fill(method));
});

test('a client with persisted queries walks after one attempt with a hash', async () => {
  const sha256 = (query: string) => createHash('sha256').update(query).digest('hex');
  const linkOf = (options: HttpLink.Options) =>
    new PersistedQueryLink({ sha256 }).concat(new HttpLink(options));
  const { fetchAll, requests } = await watchList({ first: 25 }, linkOf);
  expectAll(await fetchAll(forward));
  expect(requests).toHaveLength(6);
});

test('relayStylePagination walks backward', async () => {
  const { fetchAll, page, requests } = await watchList({ last: 50 });
  const ids = await fetchAll(({ hasPreviousPage, startCursor }) =>
    hasPreviousPage ? { before: startCursor } : undefined,
  );
  expectAll(ids);
  expect(ids).toEqual((await page('first: 500')).ids);
  expect(requests).toHaveLength(3);
});

test('after an update the list shows the change, without another fetch', async () => {
  const { client, nodes, requests } = await watchList({ first: 120 });
  const id = (await nodes())[70]?.id ?? '';
  await client.mutate({ mutation: UPDATE, variables: { id, description: 'new' } });
  expect((await nodes()).filter(({ description }) => description !== null)).toEqual([
    { __typename: 'ClientCertificate', id, description: 'new' },
  ]);
  expect(requests).toHaveLength(2);
});

test('a refused update is returned as data, and the list does not change', async () => {
  const { client, nodes } = await watchList({ first: 3 });
  const before = await nodes();
  const { data } = await client.mutate({ mutation: UPDATE, variables: { id: 'none', description: 'new' } });
  expect(data).toEqual({ updateClientCertificate: { __typename: 'NotFoundError', code: 'NOT_FOUND' } });
  expect(await nodes()).toEqual(before);
});

test('a wrong argument is an error with its code', async () => {
  const { client } = await watchList({ first: 3 });
  const refused = client.query({ query: LIST, variables: { first: 501 }, fetchPolicy: 'network-only' });
  await expect(refused).rejects.toMatchObject({
    name: 'CombinedGraphQLErrors',
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});
