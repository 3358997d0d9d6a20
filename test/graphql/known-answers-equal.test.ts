import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import { createSchema } from '../../src/graphql/schema/index.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { randomOperations } from '../support/random-operations.ts';
import { runs } from '../support/runs.ts';
import { CREDENTIALS, createInProcess, globalIdOf, startService } from '../support/service.ts';
import { waysIn } from '../support/ways.ts';

const OPERATIONS = runs(1000);

vi.setConfig({ testTimeout: 60_000 + 200 * OPERATIONS });

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS = Date.UTC(2026, 10, 1);

const CERTIFICATES = 30;
const ids = Array.from({ length: CERTIFICATES }, (_, i) => `c${String(i).padStart(3, '0')}`);

/** Of all ages, with all kinds of characters in their texts. */
const EXAMPLES = ids.map((id, i) => ({
  id,
  createdDate: new Date(START_MS - i * 13 * DAY_MS),
  ...(i % 3 > 0 && {
    description: ['plain', 'ü "quoted" \\ \n', '\u2028 \u{1f511} \u0001'][(i >> 1) % 3] ?? '',
  }),
  ...(i % 4 > 0 && {
    tags: {
      ...(i % 2 > 0 && { team: `${i % 5}` }),
      'certway:replaces': ids[i - 1] ?? '',
      ...(i % 8 === 1 && { env: 'grün' }),
    },
  }),
}));

const API = { apiId: 'r000', name: 'näme', protocol: 'REST' } as const;

const ENV = {
  AUTH: 'api-key',
  API_KEYS: [
    apiKeyEntry('reader', 'r', 'client-certificates:read'),
    apiKeyEntry('writer', 'w', 'client-certificates:write'),
  ].join(),
  CACHE_TTL_MS: '60000',
  MAX_COST: '20000',
  MAX_DEPTH: '8',
};

/** Two services on one AWS, which know all of it: one answers by plans where it can, the other never does. */
async function startBoth(isBroken: boolean) {
  let nowMs = START_MS;
  const now = () => new Date(nowMs);
  const clock = { now, elapsedMs: () => 0 };
  const planning = await startService({ env: ENV, now, emulator: { examples: EXAMPLES } });
  const executing = await createInProcess({
    env: { ...ENV, FAST_PATH: 'false' },
    upstream: { endpoint: planning.endpoint, credentials: CREDENTIALS },
    clock,
  });
  planning.fail(() => (isBroken ? brokenItem : undefined));
  for (const { post, stageIndex } of [planning, executing]) {
    const moment = { atMs: 0, at: new Date(START_MS) };
    stageIndex.listed('REST', [API], moment);
    stageIndex.listed('WEBSOCKET', [], moment);
    const stages = ['prod', 'test', 'live'].map((name, i) => ({
      name,
      certificateReference: [ids[0], ids[7], 'gone'][i] ?? null,
      lastUpdatedDate: null,
    }));
    stageIndex.read(API, stages, moment);
    const query = '{ clientCertificates(last: 500) { totalCount nodes { x509 { serialNumber } } } }';
    await post({ query }, { authorization: 'Bearer r' });
  }
  return {
    planning,
    executing,
    setNow: (ms: number) => {
      nowMs = ms;
    },
  };
}

type Service = Awaited<ReturnType<typeof createInProcess>>;

/** The response, and what the log says of the operation. */
async function answerOf({ post, operations }: Service, body: object, headers: Record<string, string>) {
  operations.length = 0;
  const response = await post(body, { ...headers, 'x-request-id': 'same' });
  const [{ durationMs: _, awsMs: __, ...logged } = {}] = operations;
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    logged,
  };
}

test.for([
  { isBroken: false, leastPlanned: 0.36 },
  { isBroken: true, leastPlanned: 0.26 },
])(
  'a plan answers as graphql-js does, byte for byte, with a broken certificate: $isBroken',
  async ({ isBroken, leastPlanned }) => {
    const { planning, executing, setNow } = await startBoth(isBroken);
    const { data } = await (
      await planning.post(
        { query: '{ clientCertificates { edges { cursor } } apiStages { edges { cursor node { id } } } }' },
        { authorization: 'Bearer r' },
      )
    ).json();
    const cursorsOf = ({ edges }: { edges: { cursor: string }[] }) => edges.map(({ cursor }) => cursor);
    const cursors = [...cursorsOf(data.clientCertificates), ...cursorsOf(data.apiStages)];
    const stageIds = data.apiStages.edges.map(({ node }: { node: { id: string } }) => node.id);
    const words = {
      ID: [
        ...ids.slice(0, 9),
        ...ids.slice(0, 9).map(globalIdOf),
        ...stageIds,
        'gone',
        globalIdOf('gone'),
        '!',
      ],
      after: cursors,
      before: cursors,
      key: ['team', 'env'],
      value: ['1', 'grün'],
    };
    const request = fc.record({
      sent: randomOperations(createSchema(), words, {
        mutationPercent: 1,
        kinds: ['right', 'right', 'right', 'right', 'right', 'values', 'names'],
      }),
      accept: fc.constantFrom(
        'application/json',
        'application/graphql-response+json',
        '*/*',
        'text/event-stream',
      ),
      key: fc.constantFrom('r', 'r', 'r', 'r', 'w'),
      daysLater: fc.integer({ min: -400, max: 400 }),
    });
    let number = 0;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(request, async ({ sent, accept, key, daysLater }) => {
        const headers = { accept, authorization: `Bearer ${key}` };
        const isMutation = sent.query.startsWith('mutation');
        setNow(START_MS);
        // A document is planned once it came again, and was not refused. No response is reused, because no request comes again.
        for (let time = 0, times = isMutation ? 0 : 3; time < times; time += 1) {
          const { body } = await answerOf(planning, { ...sent, extensions: { n: ++number } }, headers);
          if (!body.includes('"data"')) times = 2;
        }
        setNow(START_MS + daysLater * DAY_MS + 1);
        const body = {
          ...sent,
          extensions: { n: ++number },
          ...(isMutation && { query: `${sent.query} }` }),
        };
        const planned = await answerOf(planning, body, headers);
        compared += 1;
        expect(planned).toEqual(await answerOf(executing, body, headers));
      }),
      { numRuns: OPERATIONS },
    );
    const { plan = 0 } = await waysIn(planning.metrics);
    const chance = 2 * Math.sqrt(compared); // four times the standard deviation
    expect(plan).toBeGreaterThan(leastPlanned * compared - chance);
    expect(Object.keys(await waysIn(executing.metrics))).not.toContain('plan');
  },
);
