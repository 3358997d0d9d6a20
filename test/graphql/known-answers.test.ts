import { describe, expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { createServiceClock } from '../support/clock.ts';
import { examples, globalIdOf, type ServiceOptions, startService } from '../support/service.ts';
import { LIST, lookup, update } from '../support/sharing.ts';
import { waysIn } from '../support/ways.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const PAGE = `{ clientCertificates(first: 2) {
  edges { cursor node { id description status daysUntilExpiration usage } } pageInfo { endCursor }
} }`;
const LOOKUP = lookup('c001');

const EXAMPLES = examples(3).map((example) => ({ ...example, description: `about ${example.id}` }));

/** The service, whose response cache never has an answer, since each request has a number of its own. */
async function start({ env = {}, ...options }: ServiceOptions = {}) {
  const { elapsedMs, pass } = createServiceClock();
  const service = await startService({
    emulator: { examples: EXAMPLES },
    env: { CACHE_TTL_MS: '1000', ...env },
    elapsedMs,
    ...options,
  });
  let number = 0;
  return {
    ...service,
    pass,
    ask: async (query: string, { key = '', ...more }: { key?: string; variables?: object } = {}) => {
      number += 1;
      const headers = key === '' ? {} : { authorization: `Bearer ${key}` };
      return (await service.post({ query, ...more, extensions: { number } }, headers)).json();
    },
    /** The ways of the answers since the last call. */
    ways: createDifference(() => waysIn(service.metrics)),
  };
}

type Ways = Record<string, number>;

function createDifference(read: () => Promise<Ways>): () => Promise<Ways> {
  let before: Ways = {};
  return async () => {
    const now = await read();
    const changed = Object.entries(now).filter(([way, count]) => count !== before[way]);
    const differences = changed.map(([way, count]) => [way, count - (before[way] ?? 0)]);
    before = now;
    return Object.fromEntries(differences);
  };
}

test('a query is answered by a plan from its third time on, with the answer of graphql-js, and without AWS', async () => {
  const { ask, ways, calls } = await start();
  const [first, second] = [await ask(PAGE), await ask(PAGE)];
  expect(await ways()).toEqual({ request: 2 });
  const answers = [await ask(PAGE), await ask(PAGE), await ask(PAGE)];
  expect(answers).toEqual([first, first, first]);
  expect(second).toEqual(first);
  expect(await ways()).toEqual({ plan: 3 });
  expect(calls).toEqual([LIST]);
});

test('graphql-js makes the answer where AWS has to be asked, and plans the next ones', async () => {
  const { ask, ways, pass } = await start();
  for (let i = 0; i < 3; i += 1) await ask(PAGE);
  await ways();
  pass(1000);
  const answers = [await ask(PAGE), await ask(PAGE)];
  expect(answers[0].data.clientCertificates.edges).toHaveLength(2);
  expect(answers[1]).toEqual(answers[0]);
  expect(await ways()).toEqual({ aws: 1, plan: 1 });
});

test('a change is seen by the next answer', async () => {
  const { ask, ways } = await start();
  for (let i = 0; i < 4; i += 1) await ask(LOOKUP);
  await ask(update('c001', 'new'));
  await ways();
  const described = async () => (await ask(LOOKUP)).data.clientCertificate.description;
  expect([await described(), await described()]).toEqual(['new', 'new']);
  expect(await ways()).toEqual({ aws: 1, plan: 1 });
});

test('status and days are those of the moment, whether the clock goes on or back', async () => {
  const startMs = Date.UTC(2026, 0, 1);
  let nowMs = startMs;
  const { ask, ways } = await start({
    now: () => new Date(nowMs),
    emulator: { examples: [{ id: 'c001', createdDate: new Date(startMs) }] },
  });
  const query = '{ clientCertificate(id: "c001") { status daysUntilExpiration } }';
  const at = async (days: number) => {
    nowMs = startMs + days * DAY_MS;
    return (await ask(query)).data.clientCertificate;
  };
  for (let i = 0; i < 5; i += 1) await at(0);
  const days = [0, 1, 340, 366, 341, 0];
  const found = [];
  for (const day of days) found.push(await at(day));
  expect(found).toEqual([
    { status: 'VALID', daysUntilExpiration: 365 },
    { status: 'VALID', daysUntilExpiration: 364 },
    { status: 'EXPIRING', daysUntilExpiration: 25 },
    { status: 'EXPIRED', daysUntilExpiration: -1 },
    { status: 'EXPIRING', daysUntilExpiration: 24 },
    { status: 'VALID', daysUntilExpiration: 365 },
  ]);
  expect(await ways()).toMatchObject({ plan: 3 + days.length });
});

test('what depends on more than the certificate is written each time, between what is kept', async () => {
  const { ask, ways, stageIndex } = await start();
  const query = '{ clientCertificate(id: "c001") { id usage description stages { totalCount } status } }';
  for (let i = 0; i < 5; i += 1) await ask(query);
  expect((await ask(query)).data.clientCertificate).toMatchObject({
    usage: 'UNKNOWN',
    description: 'about c001',
  });
  const api = { apiId: 'a1', name: 'a', protocol: 'REST' } as const;
  const moment = { atMs: 0, at: new Date(0) };
  stageIndex.listed('REST', [api], moment);
  stageIndex.listed('WEBSOCKET', [], moment);
  stageIndex.read(api, [{ name: 's', certificateReference: 'c001', lastUpdatedDate: null }], moment);
  expect((await ask(query)).data.clientCertificate).toMatchObject({
    usage: 'IN_USE',
    description: 'about c001',
    stages: { totalCount: 1 },
  });
  expect(await ways()).toMatchObject({ plan: 5 });
});

test('a caller without the scope gets nothing of what is known', async () => {
  const keys = [
    apiKeyEntry('reader', 'r', 'client-certificates:read'),
    apiKeyEntry('writer', 'w', 'client-certificates:write'),
  ];
  const { ask, ways } = await start({ env: { AUTH: 'api-key', API_KEYS: keys.join() } });
  for (let i = 0; i < 4; i += 1) await ask(LOOKUP, { key: 'r' });
  await ways();
  const refused = await ask(LOOKUP, { key: 'w' });
  expect(refused).toMatchObject({
    data: { clientCertificate: null },
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  expect(await ways()).toEqual({ error: 1 });
});

test('each combination of the variables of @skip and @include has a plan', async () => {
  const { ask, ways } = await start();
  const query = `query ($with: Boolean = false, $id: ID!) {
    clientCertificate(id: $id) { clientCertificateId description @include(if: $with) }
  }`;
  const of = (variables: object) => ask(query, { variables });
  for (let i = 0; i < 3; i += 1) await of({ id: 'c001' });
  await of({ id: 'c002' });
  await ways();
  expect((await of({ id: 'c001' })).data).toEqual({ clientCertificate: { clientCertificateId: 'c001' } });
  expect((await of({ id: 'c002', with: true })).data).toEqual({
    clientCertificate: { clientCertificateId: 'c002', description: 'about c002' },
  });
  expect(await of({ id: 'c002', with: null })).toMatchObject({
    errors: [{ message: expect.stringContaining('must not be null') }],
  });
  expect(await ways()).toEqual({ plan: 2, request: 1 });
});

test.for([
  ['promise', '{ trustBundle { clientCertificates { clientCertificateId } } }'],
  ['error', '{ clientCertificate(id: "!") { id } }'],
] as const)('a plan that gives up again and again is rarely tried: %s', async ([way, query]) => {
  const { ask, ways } = await start();
  for (let i = 0; i < 150; i += 1) expect((await ask(query)).data).not.toBe(undefined);
  expect(await ways()).toEqual({ request: 139, [way]: 11 });
});

test.for([
  ['clientCertificate', `{ found: clientCertificate(id: "${globalIdOf('c001')}") { id } }`],
  ['node', `{ found: node(id: "${globalIdOf('c001')}") { id } }`],
  ['nodes', `{ found: nodes(ids: ["${globalIdOf('c001')}"]) { id } }`],
  [
    '_entities',
    `{ found: _entities(representations: [{ __typename: "ClientCertificate", id: "${globalIdOf('c001')}" }]) {
      ... on ClientCertificate { id }
    } }`,
  ],
] as const)('a plan is tried however often AWS had to be asked before: %s', async ([, query]) => {
  const { ask, ways, pass } = await start();
  for (let i = 0; i < 14; i += 1) {
    pass(1000);
    expect((await ask(query)).errors).toBe(undefined);
  }
  for (let i = 0; i < 5; i += 1) await ask(query);
  expect(await ways()).toEqual({ request: 2, aws: 12, plan: 5 });
});

test('a variable with the name __proto__ is as without plans', async () => {
  const { ask, ways } = await start();
  const query = 'query ($__proto__: ID!) { clientCertificate(id: $__proto__) { id } }';
  const variables = JSON.parse('{ "__proto__": "c001" }');
  const answers = [];
  for (let i = 0; i < 4; i += 1) answers.push(await ask(query, { variables }));
  for (const { errors } of answers)
    expect(errors).toMatchObject([{ message: expect.stringContaining('was not provided a runtime value') }]);
  expect(await ways()).toEqual({ request: 4 });
});

test('long bodies are answered by plans, very long ones are not', async () => {
  const { ask, ways } = await start();
  const long = `${LOOKUP}${' '.repeat(5000)}`;
  const veryLong = `${LOOKUP}${' '.repeat(70_000)}`;
  for (const query of [long, veryLong])
    for (let i = 0; i < 4; i += 1) expect((await ask(query)).errors).toBe(undefined);
  expect(await ways()).toEqual({ request: 2 + 4, plan: 2 });
});

test('an answer to a GET is counted as one that no plan can make', async () => {
  const { server, ways } = await start();
  for (let i = 0; i < 3; i += 1)
    await server.fetch(`http://localhost/graphql?query=${encodeURIComponent(LOOKUP)}`);
  expect(await ways()).toEqual({ request: 3 });
});

describe('graphql-js makes every answer', () => {
  test.for([
    ['mutations', update('c001', 'x')],
    ['introspection', '{ __schema { queryType { name } } clientCertificate(id: "c001") { id } }'],
  ] as const)('to %s', async ([, query]) => {
    const { ask, ways } = await start();
    for (let i = 0; i < 5; i += 1) expect((await ask(query)).errors).toBe(undefined);
    expect(await ways()).toEqual({ request: 5 });
  });

  test.for([{ FAST_PATH: 'false' }, { EXPOSE_COST: 'true' }])('with %o', async (env) => {
    const { ask, ways } = await start({ env });
    for (let i = 0; i < 5; i += 1) expect((await ask(LOOKUP)).errors).toBe(undefined);
    expect(await ways()).toEqual({});
  });

  test('if it may be too large', async () => {
    const { ask, ways } = await start({ env: { MAX_RESPONSE_BYTES: '1024' } });
    const query = '{ clientCertificates { nodes { pemEncodedCertificate } } }';
    for (let i = 0; i < 4; i += 1)
      expect(await ask(query)).toMatchObject({ errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }] });
    expect(await ways()).toEqual({ request: 2, unusual: 2 });
  });

  test('with the error of a broken certificate, and plans the others', async () => {
    const { ask, ways, fail, pass } = await start();
    for (let i = 0; i < 4; i += 1) await ask(PAGE);
    pass(1000);
    fail(() => brokenItem);
    await ask(PAGE);
    await ways();
    const { data, errors } = await ask(PAGE);
    expect(errors).toHaveLength(1);
    expect(data.clientCertificates.edges).toContainEqual({ cursor: expect.any(String), node: null });
    expect(await ways()).toEqual({ error: 1 });
  });
});

test('an answer by a plan is logged and measured as any other', async () => {
  const { ask, operations, metrics } = await start();
  const query = `query Mine ${LOOKUP}`;
  for (let i = 0; i < 4; i += 1) await ask(query);
  const [, executed, planned] = operations;
  expect(planned).toEqual({
    ...executed,
    requestId: expect.any(String),
    durationMs: expect.any(Number),
  });
  expect(await metrics.text()).toContain(
    'certway_graphql_operation_duration_seconds_count{operation="Mine",outcome="ok"} 3',
  );
});
