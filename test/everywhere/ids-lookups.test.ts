import { describe, expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnIn, globalIdIn, oldIdIn, withIds } from './places.ts';
import {
  denied,
  failed,
  LIST,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
} from './support.ts';

/** `both` is in two accounts, and each of the others in one place. */
const SEEDS = {
  [PROD_EU]: withIds('both', 'a1'),
  [PROD_US]: withIds('b1'),
  [STAGING_EU]: withIds('both', 'c1'),
  [STAGING_US]: withIds('d1'),
};

const LOOKUP = 'query ($id: ID!) { clientCertificate(id: $id) { id clientCertificateId account region } }';
const NODE = 'query ($id: ID!) { node(id: $id) { id ... on ClientCertificate { account region } } }';

const start = async (env: Record<string, string> = {}) => startEverywhere({ seeds: SEEDS, env });

describe('a global id', () => {
  test('carries the account, and leads to the one of it, with one call', async () => {
    const { query, countsOf } = await start();
    const { data } = await query('{ clientCertificates { nodes { id } } }');
    expect(data.clientCertificates.nodes.map(({ id }: { id: string }) => id)).toEqual([
      globalIdIn(PROD_EU, 'a1'),
      globalIdIn(PROD_EU, 'both'),
      globalIdIn(PROD_US, 'b1'),
      globalIdIn(STAGING_EU, 'both'),
      globalIdIn(STAGING_EU, 'c1'),
      globalIdIn(STAGING_US, 'd1'),
    ]);
    const id = globalIdIn(STAGING_EU, 'both');
    let answer: unknown;
    expect(await countsOf(async () => (answer = await query(LOOKUP, { id })))).toEqual({ [STAGING_EU]: 1 });
    const place = { account: 'staging', region: 'eu-central-1' };
    expect(answer).toEqual({ data: { clientCertificate: { id, clientCertificateId: 'both', ...place } } });
    expect(await query(NODE, { id })).toEqual({ data: { node: { id, ...place } } });
  });

  test('of a certificate that another account has is null', async () => {
    const { query, counts } = await start();
    expect(await query(LOOKUP, { id: globalIdIn(PROD_EU, 'c1') })).toEqual({
      data: { clientCertificate: null },
    });
    expect(counts()).toEqual({ [PROD_EU]: 1 });
  });

  test.each([
    [
      'an account that is not served',
      encodeGlobalId('ClientCertificate', `999999999999:${arnIn(PROD_EU, 'a1')}`),
      'expected a client certificate of an account that is served, got one of the account 999999999999',
    ],
    [
      'a region that is not served',
      encodeGlobalId(
        'ClientCertificate',
        '111111111111:arn:aws:apigateway:ap-south-1::/clientcertificates/a1',
      ),
      'expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, ap-south-1',
    ],
  ])('of %s is an error with words, and AWS is not asked', async (_, id, message) => {
    const { query, counts } = await start();
    const error = { message: `id: ${message}`, extensions: { code: 'BAD_USER_INPUT' } };
    expect((await query(LOOKUP, { id })).errors).toMatchObject([error]);
    expect((await query(NODE, { id })).errors).toMatchObject([error]);
    expect(counts()).toEqual({});
  });
});

describe.each([
  ['a global id of before, without an account', oldIdIn],
  ['an ARN', arnIn],
])('%s', (_, idIn) => {
  test('is looked for in the accounts of its region, with one read of each', async () => {
    const { query, countsOf } = await start();
    let answer: unknown;
    const counts = await countsOf(async () => {
      answer = await query(LOOKUP, { id: idIn(STAGING_US, 'd1') });
    });
    expect(answer).toMatchObject({
      data: { clientCertificate: { id: globalIdIn(STAGING_US, 'd1'), account: 'staging' } },
    });
    expect(counts).toEqual({ [PROD_US]: 1, [STAGING_US]: 1 });
  });

  test('that two accounts have is an error that names them', async () => {
    const { query } = await start();
    const id = idIn(PROD_EU, 'both');
    const { data, errors } = await query(LOOKUP, { id });
    expect(data).toEqual({ clientCertificate: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^id: expected a global id, since prod\/eu-central-1 and staging\/eu-central-1 each have "/,
        ),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('that nobody has is null', async () => {
    const { query } = await start();
    expect(await query(LOOKUP, { id: idIn(PROD_EU, 'nobody') })).toEqual({
      data: { clientCertificate: null },
    });
  });

  test('of a region that is not served is an error with words, and AWS is not asked', async () => {
    const { query, counts } = await start();
    const id = idIn(PROD_EU, 'a1');
    const other = id.startsWith('arn:')
      ? id.replace('eu-central-1', 'ap-south-1')
      : encodeGlobalId('ClientCertificate', arnIn(PROD_EU, 'a1').replace('eu-central-1', 'ap-south-1'));
    expect((await query(LOOKUP, { id: other })).errors).toMatchObject([
      {
        message:
          'id: expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, ap-south-1',
      },
    ]);
    expect(counts()).toEqual({});
  });
});

describe("AWS's own id", () => {
  test('finds it wherever it is, with one read of each collection that is not known, and none when all are', async () => {
    const { query, countsOf } = await start({ CACHE_TTL_MS: '60000' });
    expect(await countsOf(async () => query(LOOKUP, { id: globalIdIn(PROD_EU, 'a1') }))).toEqual({
      [PROD_EU]: 1,
    });
    const all = await countsOf(async () =>
      query('{ clientCertificates(filter: { regions: ["us-east-1"] }) { totalCount } }'),
    );
    expect(all).toEqual({ [PROD_US]: 1, [STAGING_US]: 1 });
    let answer: unknown;
    const rest = await countsOf(async () => {
      answer = await query(LOOKUP, { id: 'd1' });
    });
    expect(answer).toMatchObject({ data: { clientCertificate: { id: globalIdIn(STAGING_US, 'd1') } } });
    expect(rest).toEqual({ [PROD_EU]: 1, [STAGING_EU]: 1 });
    for (const id of ['a1', 'b1', 'c1', 'nobody', arnIn(STAGING_EU, 'c1')])
      expect(await countsOf(async () => query(LOOKUP, { id }))).toEqual({});
  });

  test('is looked for once, however many ids one operation has', async () => {
    const { query, counts } = await start();
    const { data } = await query(`{
      a: clientCertificate(id: "a1") { account } b: clientCertificate(id: "b1") { account }
      c: clientCertificate(id: "c1") { account } no: clientCertificate(id: "nobody") { account }
    }`);
    const [prod, staging] = [{ account: 'prod' }, { account: 'staging' }];
    expect(data).toEqual({ a: prod, b: prod, c: staging, no: null });
    expect(counts()).toEqual({ [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 });
  });

  test('that two have is an error that names both', async () => {
    const { query } = await start();
    const { data, errors } = await query(LOOKUP, { id: 'both' });
    expect(data).toEqual({ clientCertificate: null });
    expect(errors).toMatchObject([
      {
        message:
          'id: expected a global id, since prod/eu-central-1 and staging/eu-central-1 each have "both"',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('is found although another place cannot be read, and is otherwise the error of that', async () => {
    const { query, failIn } = await start();
    failIn({ [PROD_US]: denied });
    expect((await query(LOOKUP, { id: 'c1' })).data.clientCertificate).toMatchObject({ account: 'staging' });
    const { data, errors } = await query(LOOKUP, { id: 'b1' });
    expect(data).toEqual({ clientCertificate: null });
    expect(errors).toMatchObject([
      {
        message:
          'Not all accounts and regions can be read: prod/us-east-1. AWS refuses the credentials of this service.',
        extensions: { code: 'UPSTREAM_DENIED' },
      },
    ]);
  });

  test('is found after 2 s although another place hangs; a change is refused then', async () => {
    const { query, failIn, arrived, pass } = await start({ CACHE_TTL_MS: '60000' });
    for (const filter of ['accounts: ["staging"]', 'regions: ["eu-central-1"]'])
      await query(`{ clientCertificates(filter: { ${filter} }) { totalCount } }`);
    failIn({ [PROD_US]: { kind: 'no-answer' } });
    const lookup = query(LOOKUP, { id: 'c1' });
    await arrived(PROD_US);
    await pass(2000);
    expect((await lookup).data.clientCertificate).toMatchObject({ account: 'staging' });
    const { errors } = await query(
      'mutation { updateClientCertificate(input: { id: "c1", description: "new" }) { __typename } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  });

  test('is found although AWS sends a broken certificate elsewhere, which may be any', async () => {
    const { query, failIn } = await start();
    failIn((place, operation) => (place === PROD_US && operation === LIST ? brokenItem : undefined));
    expect((await query(LOOKUP, { id: 'c1' })).data.clientCertificate).toMatchObject({ account: 'staging' });
    const { data, errors } = await query(LOOKUP, { id: 'nobody' });
    expect(data).toEqual({ clientCertificate: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});

test.each([
  ['an ARN of something else', 'arn:aws:apigateway:eu-central-1::/restapis/a1'],
  ['an ARN of another partition', 'arn:aws-cn:apigateway:eu-central-1::/clientcertificates/a1'],
  ['an ARN with an account', 'arn:aws:apigateway:eu-central-1:111111111111:/clientcertificates/a1'],
  ['an ARN behind an account', `111111111111:${arnIn(PROD_EU, 'a1')}`],
  ['a global id of something else', encodeGlobalId('ClientCertificate', '111111111111:a1')],
  ['a global id with half an account', encodeGlobalId('ClientCertificate', `11111:${arnIn(PROD_EU, 'a1')}`)],
  ['a global id of another type', encodeGlobalId('ApiStage', arnIn(PROD_EU, 'a1'))],
  ['an id in upper case', 'A1'],
  ['nothing', ''],
])('%s is malformed, and AWS is not asked', async (_, id) => {
  const { query, counts } = await start();
  const { errors } = await query(LOOKUP, { id });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors?.[0]?.message).toMatch(/^id: expected a global id, an ARN, or an id such as a1b2c3, got "/);
  expect(counts()).toEqual({});
});

describe('a place that is down', () => {
  test('is an error of its own ids, and of no others', async () => {
    const { query, failIn } = await start();
    failIn({ [PROD_EU]: failed });
    const ids = [globalIdIn(PROD_EU, 'a1'), globalIdIn(STAGING_EU, 'both'), globalIdIn(PROD_US, 'b1')];
    const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data.nodes).toEqual([null, { id: ids[1] }, { id: ids[2] }]);
    expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});
