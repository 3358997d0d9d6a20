import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { startService } from '../support/service.ts';
import { arnIn, globalIdIn, oldIdIn, withIds } from './places.ts';
import {
  ACCOUNT_IDS,
  denied,
  idsIn,
  nameOf,
  PLACES,
  type Place,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
} from './support.ts';

const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on ClientCertificate { id } }
}`;

const SMALL = {
  [PROD_EU]: withIds('both', 'a1'),
  [PROD_US]: withIds('b1'),
  [STAGING_EU]: withIds('both', 'c1'),
  [STAGING_US]: withIds('d1'),
};

describe('1,000 ids of all places', () => {
  const COUNTS: Record<Place, number> = { [PROD_EU]: 4, [PROD_US]: 3, [STAGING_EU]: 2, [STAGING_US]: 0 };
  const known = PLACES.flatMap((place) => idsIn(place, COUNTS[place]).map((id) => ({ place, id })));
  /** Each certificate many times, and some that do not exist. */
  const asked = Array.from(
    { length: 1000 },
    (_, i) => known[(i * 7) % 10] ?? { place: STAGING_US, id: `no${i}` },
  );
  const isKnown = (id: string) => known.some((one) => one.id === id);

  test('are one call in each place', async () => {
    const { query, countsOf } = await startEverywhere({ seeds: COUNTS, env: { MAX_COST: '10000' } });
    const ids = asked.map(({ place, id }) => globalIdIn(place, id));
    let answer: Awaited<ReturnType<typeof query>> | undefined;
    const counts = await countsOf(async () => {
      answer = await query(NODES, { ids });
    });
    expect(answer?.errors).toBeUndefined();
    expect(answer?.data.nodes).toEqual(asked.map(({ id }, i) => (isKnown(id) ? { id: ids[i] } : null)));
    expect(counts).toEqual({ [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 });
  });

  test('as entities by any key are one call in each place', async () => {
    const { query, countsOf } = await startEverywhere({ seeds: COUNTS, env: { MAX_COST: '10000' } });
    const keys = [
      (place: Place, id: string) => ({ id: globalIdIn(place, id) }),
      (place: Place, id: string) => ({ arn: arnIn(place, id), accountId: nameOf(place).accountId }),
      (place: Place, id: string) => ({ arn: arnIn(place, id), accountId: null }),
      (_: Place, clientCertificateId: string) => ({ clientCertificateId }),
    ];
    const representations = asked.map(({ place, id }, i) => ({
      __typename: 'ClientCertificate',
      ...keys[i % keys.length]?.(place, id),
    }));
    let answer: Awaited<ReturnType<typeof query>> | undefined;
    const counts = await countsOf(async () => {
      answer = await query(ENTITIES, { representations });
    });
    expect(answer?.errors).toBeUndefined();
    expect(answer?.data._entities).toEqual(
      asked.map(({ place, id }) => (isKnown(id) ? { id: globalIdIn(place, id) } : null)),
    );
    expect(counts).toEqual({ [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 });
  });
});

test('what is wrong with one id is an error of its own, and the others are there', async () => {
  const { query, failIn } = await startEverywhere({ seeds: SMALL });
  failIn({ [PROD_US]: denied });
  const unserved = encodeGlobalId('ClientCertificate', `999999999999:${arnIn(PROD_EU, 'a1')}`);
  const otherRegion = encodeGlobalId(
    'ClientCertificate',
    arnIn(PROD_EU, 'a1').replace('eu-central-1', 'sa-east-1'),
  );
  const ids = [
    globalIdIn(PROD_EU, 'a1'),
    globalIdIn(PROD_US, 'b1'),
    unserved,
    otherRegion,
    oldIdIn(PROD_EU, 'both'),
    arnIn(PROD_EU, 'a1'),
    'a1',
    encodeGlobalId('Tag', arnIn(PROD_EU, 'a1')),
    globalIdIn(STAGING_US, 'nobody'),
    oldIdIn(STAGING_EU, 'c1'),
    globalIdIn(STAGING_EU, 'both'),
  ];
  const { data, errors = [] } = await query(NODES, { ids });
  const there = (place: Place, id: string) => ({ id: globalIdIn(place, id) });
  expect(data.nodes).toEqual([
    there(PROD_EU, 'a1'),
    ...Array(8).fill(null),
    there(STAGING_EU, 'c1'),
    there(STAGING_EU, 'both'),
  ]);
  const messages = new Map(errors.map(({ path, message }) => [path?.[1], message]));
  expect([...messages.keys()].toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(messages.get(1)).toBe('AWS refuses the credentials of this service.');
  expect(messages.get(2)).toBe(
    'ids.2: expected a client certificate of an account that is served, got one of the account 999999999999',
  );
  expect(messages.get(3)).toBe(
    'ids.3: expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, sa-east-1',
  );
  expect(messages.get(4)).toMatch(
    /^ids\.4: expected a global id, since prod\/eu-central-1 and staging\/eu-central-1 each have "/,
  );
  for (const i of [5, 6, 7]) expect(messages.get(i)).toMatch(new RegExp(`^ids\\.${i}: expected a global id`));
});

test('what is wrong with one representation is an error of its own, and the others are there', async () => {
  const { query } = await startEverywhere({ seeds: SMALL });
  const __typename = 'ClientCertificate';
  const arn = arnIn(PROD_EU, 'both');
  const { data, errors = [] } = await query(ENTITIES, {
    representations: [
      { __typename, clientCertificateId: 'both' },
      { __typename, arn, accountId: null },
      { __typename, arn, accountId: ACCOUNT_IDS['staging'] },
      { __typename, arn, accountId: ACCOUNT_IDS['staging'], clientCertificateId: 'both' },
      { __typename, arn, accountId: '999999999999' },
      { __typename, arn: arn.replace('eu-central-1', 'sa-east-1'), accountId: ACCOUNT_IDS['prod'] },
      { __typename, arn, accountId: 'prod' },
      { __typename, clientCertificateId: 'd1' },
    ],
  });
  const both = { id: globalIdIn(STAGING_EU, 'both') };
  expect(data._entities).toEqual([
    null,
    null,
    both,
    both,
    null,
    null,
    null,
    { id: globalIdIn(STAGING_US, 'd1') },
  ]);
  const messages = errors.map(({ path, message }) => `${path?.[1]} ${message}`).toSorted();
  const each = 'expected a global id, since prod/eu-central-1 and staging/eu-central-1 each have';
  expect(messages).toEqual([
    `0 representations.0.clientCertificateId: ${each} "both"`,
    expect.stringContaining(`1 representations.1.arn: ${each} "arn:aws:`),
    '4 representations.4.arn: expected a client certificate of an account that is served, got one of the account 999999999999',
    '5 representations.5.arn: expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, sa-east-1',
    '6 representations.6.accountId: expected the 12 digits of an account, or null, got "prod"',
  ]);
});

test('without the scope each is FORBIDDEN, wherever it is, and AWS is not asked', async () => {
  const API_KEYS = apiKeyEntry('writer', 'writer', 'client-certificates:write');
  const { post, counts } = await startEverywhere({ seeds: SMALL, env: { AUTH: 'api-key', API_KEYS } });
  const ids = [globalIdIn(PROD_EU, 'a1'), oldIdIn(PROD_EU, 'both'), globalIdIn(PROD_EU, 'nobody')];
  const { data, errors } = await (
    await post({ query: NODES, variables: { ids } }, { 'x-api-key': 'writer' })
  ).json();
  expect(data.nodes).toEqual([null, null, null]);
  expect(errors).toMatchObject(ids.map(() => ({ extensions: { code: 'FORBIDDEN' } })));
  expect(counts()).toEqual({});
});

test('with regions and no accounts, ids have no account, and AWS is not asked for one', async () => {
  const regions = ['us-east-1', 'eu-central-1'];
  const { query, calls } = await startService({
    env: { AWS_REGIONS: regions.join(',') },
    emulator: {
      accountRegions: regions.map((region) => ({
        accountId: '123456789012',
        region,
        ...withIds('both', region.slice(0, 2)),
      })),
    },
  });
  const arnOf = (region: string, id: string) => `arn:aws:apigateway:${region}::/clientcertificates/${id}`;
  const globalIdOf = (region: string, id: string) => encodeGlobalId('ClientCertificate', arnOf(region, id));
  const ids = regions.flatMap((region) => [
    globalIdOf(region, 'both'),
    globalIdOf(region, region.slice(0, 2)),
  ]);
  const list = await query('{ clientCertificates { nodes { id account accountId } } }');
  const nodes: { id: string; account: null; accountId: null }[] = list.data.clientCertificates.nodes;
  expect(nodes.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  for (const node of nodes) expect(node).toMatchObject({ account: null, accountId: null });
  expect((await query(NODES, { ids })).data.nodes).toEqual(ids.map((id) => ({ id })));
  const { data, errors } = await query(ENTITIES, {
    representations: [
      { __typename: 'ClientCertificate', arn: arnOf('eu-central-1', 'both'), accountId: null },
      { __typename: 'ClientCertificate', clientCertificateId: 'eu' },
      { __typename: 'ClientCertificate', clientCertificateId: 'both' },
      { __typename: 'ClientCertificate', arn: arnOf('eu-central-1', 'both'), accountId: '123456789012' },
    ],
  });
  expect(data._entities).toEqual([
    { id: globalIdOf('eu-central-1', 'both') },
    { id: globalIdOf('eu-central-1', 'eu') },
    null,
    null,
  ]);
  expect(errors?.map(({ message }) => message).toSorted()).toEqual([
    'representations.2.clientCertificateId: expected a global id, since us-east-1 and eu-central-1 each have "both"',
    'representations.3.arn: expected a client certificate of an account that is served, got one of the account 123456789012',
  ]);
  expect(calls.filter((call) => call.endsWith('(sts)'))).toEqual([]);
});
