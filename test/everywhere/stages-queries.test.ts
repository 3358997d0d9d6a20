import { describe, expect, test } from 'vitest';
import type { Seeds } from '../../src/emulator/seeds.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { START } from '../support/stages.ts';
import { startCrawlingEverywhere } from './crawling.ts';
import { arnIn, globalIdIn, oldIdIn, stageIdIn } from './places.ts';
import { denied, LIST, nameOf, type Place, PROD_EU, PROD_US, STAGING_EU, STAGING_US } from './support.ts';

const valid = (id: string) => ({ id, createdDate: new Date(START.getTime() - 86_400_000) });
const expired = (id: string) => ({ id, createdDate: new Date(START.getTime() - 400 * 86_400_000) });

/** `both` and the API `r000` are in two accounts: in `staging` the certificate has expired, and nobody uses `free`. */
const SEEDS: Record<Place, Seeds> = {
  [PROD_EU]: {
    examples: [valid('both'), valid('free')],
    restApis: [
      { id: 'r000', stages: [{ stageName: 'prod', clientCertificateId: 'both' }, { stageName: 'none' }] },
      { id: 'r001', stages: [{ stageName: 'prod', clientCertificateId: 'gone' }] },
    ],
  },
  [PROD_US]: {
    examples: [valid('b1')],
    apis: [{ apiId: 'w000', stages: [{ stageName: 'live', clientCertificateId: 'b1' }] }],
  },
  [STAGING_EU]: {
    examples: [expired('both')],
    restApis: [{ id: 'r000', stages: [{ stageName: 'prod', clientCertificateId: 'both' }] }],
  },
  [STAGING_US]: {
    examples: [valid('both')],
    restApis: [{ id: 'r002', stages: [{ stageName: 'prod', clientCertificateId: 'b1' }] }],
  },
};

const R000 = 'restapis/r000/stages/prod';

/** As `account/region api/stage`. */
type Node = { account: string; region: string; api: { apiId: string }; name: string };
const nameOfStage = ({ account, region, api, name }: Node) => `${account}/${region} ${api.apiId}/${name}`;

const ALL = [
  `${PROD_EU} r000/none`,
  `${PROD_EU} r000/prod`,
  `${PROD_EU} r001/prod`,
  `${PROD_US} w000/live`,
  `${STAGING_EU} r000/prod`,
  `${STAGING_US} r002/prod`,
];

const STAGES = `query ($filter: ApiStageFilter, $first: Int, $after: String, $last: Int, $before: String) {
  apiStages(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { id account region name api { apiId } }
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

async function start(env: Record<string, string> = {}) {
  const service = await startCrawlingEverywhere({ seeds: SEEDS, env });
  await service.pass(10_000);
  const page = async (variables: object) => {
    const { data, errors } = await service.query(STAGES, variables);
    expect(errors).toBeUndefined();
    return data.apiStages;
  };
  return {
    ...service,
    page,
    matching: async (filter: object): Promise<string[]> => {
      const { nodes, totalCount } = await page({ filter });
      expect(totalCount).toBe(nodes.length);
      return nodes.map(nameOfStage).toSorted();
    },
  };
}

describe('apiStages', () => {
  test('has the stages of all places, though ids of APIs and stages repeat', async () => {
    const { matching, page } = await start();
    expect(await matching({})).toEqual(ALL);
    const { nodes } = await page({});
    const ids = nodes.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ALL.length);
    expect(ids).toContain(stageIdIn(PROD_EU, R000));
    expect(ids).toContain(stageIdIn(STAGING_EU, R000));
  });

  test.each<[filter: object, found: string[]]>([
    [{ accounts: ['staging'] }, [`${STAGING_EU} r000/prod`, `${STAGING_US} r002/prod`]],
    [{ accounts: ['111111111111'], regions: ['us-east-1'] }, [`${PROD_US} w000/live`]],
    [{ clientCertificate: globalIdIn(STAGING_EU, 'both') }, [`${STAGING_EU} r000/prod`]],
    [{ clientCertificate: globalIdIn(STAGING_US, 'both') }, []],
    [{ clientCertificate: arnIn(PROD_EU, 'both') }, [`${PROD_EU} r000/prod`, `${STAGING_EU} r000/prod`]],
    [{ clientCertificate: oldIdIn(PROD_US, 'b1') }, [`${PROD_US} w000/live`, `${STAGING_US} r002/prod`]],
    [{ clientCertificate: 'both', accounts: ['prod'] }, [`${PROD_EU} r000/prod`]],
    [{ clientCertificate: 'b1' }, [`${PROD_US} w000/live`, `${STAGING_US} r002/prod`]],
    [{ clientCertificate: globalIdIn(PROD_US, 'b1') }, [`${PROD_US} w000/live`]],
    [{ clientCertificate: 'nobody' }, []],
    [{ clientCertificateStatus: ['EXPIRED'] }, [`${STAGING_EU} r000/prod`]],
    [{ clientCertificateStatus: ['VALID'] }, [`${PROD_EU} r000/prod`, `${PROD_US} w000/live`]],
    [{ danglingReference: true }, [`${PROD_EU} r001/prod`, `${STAGING_US} r002/prod`]],
    [{ danglingReference: true, regions: ['us-east-1'] }, [`${STAGING_US} r002/prod`]],
    [{ certificateSource: ['NONE'] }, [`${PROD_EU} r000/none`]],
  ])('with the filter %j', async (filter, found) => {
    const { matching } = await start();
    expect(await matching(filter)).toEqual(found);
  });

  test('asks AWS for the certificates of those places alone that the filter needs', async () => {
    const { query, countsOf } = await start();
    const filter = { danglingReference: true, accounts: ['prod'] };
    expect(await countsOf(async () => query(STAGES, { filter }))).toEqual({ [PROD_EU]: 1, [PROD_US]: 1 });
    expect(await countsOf(async () => query(STAGES, { filter: { accounts: ['prod'] } }))).toEqual({});
  });

  test('is an error where a filter needs certificates of a place that cannot be read, and otherwise is not', async () => {
    const { query, failIn, matching } = await start();
    failIn((place, operation) => (place === STAGING_US && operation === LIST ? denied : undefined));
    const { data, errors } = await query(STAGES, { filter: { danglingReference: true } });
    expect(data).toBe(null);
    expect(new Set(errors?.map(({ message }) => message))).toEqual(
      new Set([
        'Not all accounts and regions can be read: staging/us-east-1. AWS refuses the credentials of this service.',
      ]),
    );
    expect(await matching({ danglingReference: true, accounts: ['prod'] })).toEqual([`${PROD_EU} r001/prod`]);
    expect(await matching({})).toEqual(ALL);
  });

  test('says all at once what is wrong with the filter', async () => {
    const { query } = await start();
    const filter = { accounts: ['x'], regions: ['mars'], clientCertificate: 'A B', certificateSource: [] };
    expect((await query(STAGES, { filter })).errors?.[0]?.message.split('; ')).toEqual([
      'filter.accounts.0: expected prod or staging, got "x"',
      'filter.regions.0: expected eu-central-1 or us-east-1, got "mars"',
      expect.stringMatching(/^filter\.certificateSource: /),
      'filter.clientCertificate: expected a global id, an ARN, or an id such as a1b2c3, got "A B"',
    ]);
    const elsewhere = { clientCertificate: arnIn(PROD_EU, 'both').replace('eu-central-1', 'sa-east-1') };
    expect((await query(STAGES, { filter: elsewhere })).errors?.[0]?.message).toBe(
      'filter.clientCertificate: expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, sa-east-1',
    );
  });

  test.each([1, 2, 3, 5])('is walked forward and backward in pages of %d, each stage once', async (size) => {
    const { page } = await start();
    const whole = (await page({ first: 100 })).nodes.map(nameOfStage);
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, pageInfo } = await page({ first: size, after });
      forward.push(...nodes.map(nameOfStage));
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(forward).toEqual(whole);
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const { nodes, pageInfo } = await page({ last: size, before });
      backward.unshift(...nodes.map(nameOfStage));
      ({ startCursor: before, hasPreviousPage: more } = pageInfo);
    }
    expect(backward).toEqual(whole);
  });
});

describe('a stage', () => {
  test('is found by its global id in its own place, and by an id of before where one place has it', async () => {
    const { query, countsOf } = await start();
    const NODE = 'query ($id: ID!) { node(id: $id) { id ... on ApiStage { account region } } }';
    let answer: unknown;
    const id = stageIdIn(STAGING_EU, R000);
    expect(await countsOf(async () => (answer = await query(NODE, { id })))).toEqual({});
    expect(answer).toEqual({ data: { node: { id, account: 'staging', region: 'eu-central-1' } } });
    const arn = (place: Place, path: string) => `arn:aws:apigateway:${nameOf(place).region}::/${path}`;
    const old = encodeGlobalId('ApiStage', arn(STAGING_US, 'restapis/r002/stages/prod'));
    expect((await query(NODE, { id: old })).data.node).toMatchObject({ account: 'staging' });
    const { errors } = await query(NODE, { id: encodeGlobalId('ApiStage', arn(PROD_EU, R000)) });
    expect(errors?.[0]?.message).toBe(
      `id: expected a global id, since prod/eu-central-1 and staging/eu-central-1 each have ${arn(PROD_EU, R000)}`,
    );
    const unserved = encodeGlobalId('ApiStage', `999999999999:${arn(PROD_EU, R000)}`);
    expect((await query(NODE, { id: unserved })).errors?.[0]?.message).toBe(
      'id: expected a stage of an account that is served, got one of the account 999999999999',
    );
    expect((await query(NODE, { id: stageIdIn(PROD_US, R000) })).data).toEqual({ node: null });
  });

  test('has the certificate of its own place, and a certificate the stages and usage of its own', async () => {
    const { query, countsOf } = await start();
    let answer: Awaited<ReturnType<typeof query>> | undefined;
    const counts = await countsOf(async () => {
      answer = await query(`{ apiStages {
        nodes { account region name api { apiId } clientCertificate { id status usage stages { nodes { id } } } }
      } }`);
    });
    type Found = Node & { clientCertificate: object | null };
    const found = Object.fromEntries(
      (answer?.data.apiStages.nodes ?? []).map((node: Found) => [nameOfStage(node), node.clientCertificate]),
    );
    const used = (place: Place, id: string, status: string, path: string) => ({
      id: globalIdIn(place, id),
      status,
      usage: 'IN_USE',
      stages: { nodes: [{ id: stageIdIn(place, path) }] },
    });
    expect(found).toEqual({
      [`${PROD_EU} r000/none`]: null,
      [`${PROD_EU} r000/prod`]: used(PROD_EU, 'both', 'VALID', R000),
      [`${PROD_EU} r001/prod`]: null, // gone
      [`${PROD_US} w000/live`]: used(PROD_US, 'b1', 'VALID', 'apis/w000/stages/live'),
      [`${STAGING_EU} r000/prod`]: used(STAGING_EU, 'both', 'EXPIRED', R000),
      [`${STAGING_US} r002/prod`]: null, // it is another account that has this id
    });
    expect(counts).toEqual({ [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 });
  });
});

test('certificates are filtered by their usage in their own places', async () => {
  const { query } = await start();
  const ids = async (usage: string) => {
    const { data } = await query(`{ clientCertificates(filter: { usage: [${usage}] }) { nodes { id } } }`);
    return data.clientCertificates.nodes.map(({ id }: { id: string }) => id);
  };
  expect(await ids('IN_USE')).toEqual([
    globalIdIn(PROD_EU, 'both'),
    globalIdIn(PROD_US, 'b1'),
    globalIdIn(STAGING_EU, 'both'),
  ]);
  expect(await ids('UNUSED')).toEqual([globalIdIn(PROD_EU, 'free'), globalIdIn(STAGING_US, 'both')]);
  expect(await ids('UNKNOWN')).toEqual([]);
});

test('without the scope stages are FORBIDDEN', async () => {
  const API_KEYS = apiKeyEntry('writer', 'writer', 'client-certificates:write');
  const { post } = await start({ AUTH: 'api-key', API_KEYS });
  const { errors } = await (await post({ query: STAGES, variables: {} }, { 'x-api-key': 'writer' })).json();
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

describe('deleteClientCertificate', () => {
  const REMOVE = `mutation ($id: ID!) {
    result: deleteClientCertificate(input: { id: $id }) {
      __typename
      ... on DeleteClientCertificatePayload { deletedClientCertificateId }
      ... on CertificateInUseError { message stages { id } index { complete } }
      ... on Error { code }
    }
  }`;

  test('is refused while a stage of the same place has it', async () => {
    const { query, made } = await start();
    const { data } = await query(REMOVE, { id: globalIdIn(STAGING_EU, 'both') });
    expect(data.result).toMatchObject({
      __typename: 'CertificateInUseError',
      stages: [{ id: stageIdIn(STAGING_EU, R000) }],
      index: { complete: true },
    });
    expect((await query(REMOVE, { id: 'b1' })).data.result).toMatchObject({
      stages: [{ id: stageIdIn(PROD_US, 'apis/w000/stages/live') }],
    });
    expect(made.filter(({ operation }) => operation.startsWith('Delete'))).toEqual([]);
  });

  test('is done though stages of other places have one with the same id', async () => {
    const { query } = await start();
    const id = globalIdIn(STAGING_US, 'both');
    expect((await query(REMOVE, { id })).data.result).toEqual({
      __typename: 'DeleteClientCertificatePayload',
      deletedClientCertificateId: id,
    });
    const { data } = await query('{ clientCertificates { nodes { id } } }');
    expect(data.clientCertificates.nodes).toContainEqual({ id: globalIdIn(PROD_EU, 'both') });
  });

  test('does not wait for the stages of another place, and for those of its own', async () => {
    const { query, failIn, pass } = await startCrawlingEverywhere({ seeds: SEEDS });
    failIn((place) => (place.startsWith('prod') ? denied : undefined));
    await pass(10_000);
    const staging = globalIdIn(STAGING_US, 'both');
    expect((await query(REMOVE, { id: staging })).data.result).toMatchObject({
      deletedClientCertificateId: staging,
    });
    failIn((place, operation) =>
      place.startsWith('prod') && operation.includes('Apis') ? denied : undefined,
    );
    expect((await query(REMOVE, { id: globalIdIn(PROD_EU, 'free') })).data.result).toMatchObject({
      __typename: 'CertificateInUseError',
      stages: [],
      index: { complete: false },
    });
  });
});
