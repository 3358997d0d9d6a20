import { describe, expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { arnIn, globalIdIn, oldIdIn, withIds } from './places.ts';
import { denied, PROD_EU, PROD_US, STAGING_EU, STAGING_US, startEverywhere } from './support.ts';

const SEEDS = {
  [PROD_EU]: withIds('both', 'a1'),
  [PROD_US]: withIds('b1'),
  [STAGING_EU]: withIds('both', 'c1'),
  [STAGING_US]: withIds('d1'),
};

const start = async (env: Record<string, string> = {}) => startEverywhere({ seeds: SEEDS, env });

const INPUTS: Record<string, string> = {
  update: 'description: "new"',
  tag: 'tags: [{ key: "team", value: "payments" }]',
  untag: 'tagKeys: ["other"]',
  delete: 'evenIfUsed: true',
};

const PAYLOADS: Record<string, string> = { delete: 'deletedClientCertificateId' };

/** The field with the mutation; `input` has all but the id. */
const changing = (name: string, what: string, id: string, input = INPUTS[what]) => `
  ${name}: ${what}ClientCertificate(input: { id: "${id}", ${input} }) {
    __typename
    ... on ${what.charAt(0).toUpperCase()}${what.slice(1)}ClientCertificatePayload {
      ${PAYLOADS[what] ?? 'clientCertificate { id description tags { key value } }'}
    }
    ... on Error { code message }
  }`;

const change = (what: string, id: string, input?: string) =>
  `mutation { ${changing('result', what, id, input)} }`;

const CHANGES = Object.keys(INPUTS);

describe.each(CHANGES)('%sClientCertificate', (what) => {
  test.each([
    ['a global id', globalIdIn(STAGING_EU, 'both'), 'both', { [STAGING_EU]: 1 }],
    ['a global id of before', oldIdIn(STAGING_EU, 'c1'), 'c1', { [PROD_EU]: 1, [STAGING_EU]: 2 }],
    ['an ARN', arnIn(STAGING_EU, 'c1'), 'c1', { [PROD_EU]: 1, [STAGING_EU]: 2 }],
    ["AWS's own id", 'c1', 'c1', { [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 2, [STAGING_US]: 1 }],
  ])('by %s changes that one alone', async (_, id, own, reads) => {
    const { query, made, countsOf } = await start();
    let answer: Awaited<ReturnType<typeof query>> | undefined;
    const counts = await countsOf(async () => {
      answer = await query(change(what, id));
    });
    const { clientCertificate, deletedClientCertificateId } = answer?.data.result ?? {};
    expect(clientCertificate?.id ?? deletedClientCertificateId).toBe(globalIdIn(STAGING_EU, own));
    const changes = made.filter(
      ({ operation }) => !operation.startsWith('Get') && operation !== 'AssumeRole (sts)',
    );
    expect(changes.every(({ place }) => place === STAGING_EU)).toBe(true);
    const readOfAnswer = ['tag', 'untag'].includes(what) ? 1 : 0;
    expect(counts).toEqual({ ...reads, [STAGING_EU]: (reads[STAGING_EU] ?? 0) + readOfAnswer });
    const all = await query('{ clientCertificates { nodes { id description tags { key } } } }');
    const others = all.data.clientCertificates.nodes.filter(
      ({ id }: { id: string }) => id !== globalIdIn(STAGING_EU, own),
    );
    expect(others).toHaveLength(5);
    for (const other of others) expect(other).toMatchObject({ description: null, tags: [] });
  });

  test('by an id that two have is refused with their names, and nothing is changed', async () => {
    const { query, made } = await start();
    for (const id of ['both', arnIn(PROD_EU, 'both'), oldIdIn(PROD_EU, 'both')]) {
      const { data } = await query(change(what, id));
      expect(data.result).toEqual({
        __typename: 'InvalidInputError',
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(
          /^input\.id: expected a global id, since prod\/eu-central-1 and staging\/eu-central-1 each have "/,
        ),
      });
    }
    expect(new Set(made.map(({ operation }) => operation))).toEqual(
      new Set(['AssumeRole (sts)', 'GetClientCertificates']),
    );
  });

  test("by AWS's own id is refused while another place cannot be read, and goes on by the global id", async () => {
    const { query, failIn, made } = await start();
    failIn({ [PROD_US]: denied });
    const { errors } = await query(change(what, 'c1'));
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^Not all accounts and regions can be read: prod\/us-east-1\. .* So it cannot be told where "c1" is; use the global id\.$/,
        ),
        extensions: { code: 'UPSTREAM_DENIED' },
      },
    ]);
    expect(made.every(({ operation }) => /^(Get|AssumeRole)/.test(operation))).toBe(true);
    const { data } = await query(change(what, globalIdIn(STAGING_EU, 'c1')));
    expect(data.result.__typename).toMatch(/Payload$/);
  });

  test('of none is NOT_FOUND, or says that it is of nowhere here', async () => {
    const { query } = await start();
    for (const id of ['nobody', arnIn(PROD_EU, 'nobody'), globalIdIn(PROD_EU, 'c1')])
      expect((await query(change(what, id))).data.result).toMatchObject({ code: 'NOT_FOUND' });
    const elsewhere = arnIn(PROD_EU, 'a1').replace('eu-central-1', 'ap-south-1');
    expect((await query(change(what, elsewhere))).data.result.message).toBe(
      'input.id: expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, ap-south-1',
    );
  });
});

test.each([
  ['update', 'c1', `description: "${'x'.repeat(1025)}"`, ['input.description: ']],
  ['tag', 'NO ID', 'tags: []', ['input.id: ', 'input.tags: ']],
  ['untag', 'c1', 'tagKeys: []', ['input.tagKeys: ']],
])('%s with wrong input says all at once, and asks AWS for nothing', async (what, id, input, complaints) => {
  const { query, counts } = await start();
  const { message } = (await query(change(what, id, input))).data.result;
  for (const complaint of complaints) expect(message).toContain(complaint);
  expect(counts()).toEqual({});
});

test('what was written is what the next read says, in lists, by every id, and in counts', async () => {
  const env = { CACHE_TTL_MS: '60000', CACHE_STALE_MS: '60000' };
  const { query, countsOf } = await start(env);
  const LIST = '{ clientCertificates { nodes { id description } totalCount } }';
  const ORDERED =
    '{ clientCertificates(first: 9, orderBy: { field: EXPIRATION_DATE }) { nodes { id description } } }';
  const ONE = '{ clientCertificate(id: "c1") { id description } }';
  const GLOBAL = `{ node(id: "${globalIdIn(STAGING_EU, 'c1')}") { ... on ClientCertificate { description } } }`;
  const readAll = async () => {
    const [list, ordered, one, global] = [
      await query(LIST),
      await query(ORDERED),
      await query(ONE),
      await query(GLOBAL),
    ];
    return {
      list: list.data.clientCertificates,
      ordered: ordered.data.clientCertificates.nodes,
      one: one.data.clientCertificate,
      global: global.data.node,
    };
  };
  await readAll();
  expect(await countsOf(readAll)).toEqual({});
  const id = globalIdIn(STAGING_EU, 'c1');
  await query(change('update', 'c1'));
  const after = { id, description: 'new' };
  const { list, ordered, one, global } = await readAll();
  expect(list.totalCount).toBe(6);
  expect(list.nodes).toContainEqual(after);
  expect(ordered).toContainEqual(after);
  expect({ one, global }).toEqual({ one: after, global: { description: 'new' } });
  await query(change('delete', 'c1'));
  const gone = await readAll();
  expect(gone.list.totalCount).toBe(5);
  expect([...gone.list.nodes, ...gone.ordered].map((node: { id: string }) => node.id)).not.toContain(id);
  expect({ one: gone.one, global: gone.global }).toEqual({ one: null, global: null });
  await query(
    'mutation { generateClientCertificate(input: { account: "prod", region: "us-east-1" }) { __typename } }',
  );
  expect((await readAll()).list.totalCount).toBe(6);
});

test('a mutation reads only what it has changed again', async () => {
  const { query, countsOf } = await start({ CACHE_TTL_MS: '60000' });
  const LIST = '{ clientCertificates { totalCount } }';
  await query(LIST);
  const counts = await countsOf(async () => {
    await query(change('update', 'c1'));
    await query(LIST);
  });
  expect(Object.keys(counts)).toEqual([STAGING_EU]);
});

test('several changes of one operation each find their own', async () => {
  const { query } = await start();
  const { data } = await query(`mutation {
    ${changing('a', 'update', 'c1')} ${changing('b', 'tag', 'b1')}
    ${changing('c', 'delete', 'd1')} ${changing('d', 'update', 'd1')}
  }`);
  expect(data.a.clientCertificate).toMatchObject({ id: globalIdIn(STAGING_EU, 'c1'), description: 'new' });
  expect(data.b.clientCertificate).toMatchObject({ id: globalIdIn(PROD_US, 'b1') });
  expect(data.c).toMatchObject({ deletedClientCertificateId: globalIdIn(STAGING_US, 'd1') });
  expect(data.d).toMatchObject({ code: 'NOT_FOUND' });
});

test('a caller without the scope changes nothing, and learns nothing', async () => {
  const API_KEYS = [
    apiKeyEntry('reader', 'reader', 'client-certificates:read'),
    apiKeyEntry('writer', 'writer', 'client-certificates:write'),
  ].join(',');
  const { post, counts } = await start({ AUTH: 'api-key', API_KEYS });
  for (const what of CHANGES)
    for (const id of ['c1', 'both', 'nobody']) {
      const response = await post({ query: change(what, id) }, { 'x-api-key': 'reader' });
      expect((await response.json()).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', requiredScope: 'client-certificates:write' } },
      ]);
    }
  expect(counts()).toEqual({});
  const query = change('update', 'c1').replace(
    'clientCertificate { id description tags { key value } }',
    '__typename',
  );
  const response = await post({ query }, { 'x-api-key': 'writer' });
  expect((await response.json()).data.result).toMatchObject({ __typename: 'UpdateClientCertificatePayload' });
});
