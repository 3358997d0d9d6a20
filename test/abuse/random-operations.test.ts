import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chosen, recorded } from '../../src/emulator/errors.ts';
import { brokenItem, type Fault, html502, isoDates } from '../../src/emulator/fault.ts';
import { createSchema } from '../../src/graphql/schema/index.ts';
import { randomOperations, type Sent } from '../support/random-operations.ts';
import { examples, globalIdOf, startService } from '../support/service.ts';
import { breaches } from './conforming.ts';

const schema = createSchema();

const RUNS = 1000;
const AT_ONCE = 20;

/** Longer than a request may take by its settings. */
const HUNG_MS = 10_000;

/** The outcomes that occur with this many operations, whatever the seed. */
const REACHED = [
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_TOO_LARGE',
  'THROTTLED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
];

const CODES = new Set([
  ...REACHED,
  'BAD_REQUEST',
  'NOT_FOUND',
  'OPERATION_RESOLUTION_FAILURE',
  'TOO_MANY_ERRORS',
]);

/** Internals: hosts, ports, stacks, messages of the SDK and of Node. */
const LEAKS =
  /127\.0\.0\.1|localhost|amazonaws|ECONN|ENOENT|EPIPE|file:|node_modules|\/src\/|\.ts:\d|\bat \w+ \(|TypeError|SyntaxError|Cannot read|is not a function|Unexpected token|Deserialization|\$response|\$metadata|TooManyRequests|InternalFailure|Bad Gateway|<html|PRIVATE KEY|secretAccessKey/;

const FAULTS: Record<string, Fault> = {
  slow: { kind: 'slow', delayMs: 5 },
  internal: { kind: 'error', error: chosen.internal(new Error('made by a test')) },
  html: html502,
  'cut-off': { kind: 'cut-off' },
  stall: { kind: 'stall' },
  'no-answer': { kind: 'no-answer' },
  isoDates,
  brokenItem,
  throttled: { kind: 'error', error: recorded.throttled() },
};

const FAULT_NAMES = Object.keys(FAULTS);

/** Once in this many batches, all calls fail in the same way, so that the SDK's retries do not help. */
const OUTAGE_EVERY = 50;

/** Otherwise most calls succeed. The SDK waits a second after each 429, so there are few of them. */
const faults = fc.infiniteStream(
  fc.oneof(
    { weight: 950, arbitrary: fc.constant(undefined) },
    { weight: 30, arbitrary: fc.constantFrom('slow', 'brokenItem', 'isoDates') },
    { weight: 15, arbitrary: fc.constantFrom('internal', 'html', 'cut-off') },
    { weight: 2, arbitrary: fc.constantFrom('stall', 'no-answer') },
    { weight: 1, arbitrary: fc.constant('throttled') },
  ),
);

const ACCEPT = ['application/json', 'application/graphql-response+json', '*/*'];

test('any operation, however invalid, gets data or errors with a code while AWS fails at random', async () => {
  const { server, fail, log, query } = await startService({
    emulator: {
      examples: examples(50).map((example, i) => ({ ...example, ...(i % 2 && { tags: { team: `${i}` } }) })),
    },
    env: {
      UPSTREAM_REQUEST_TIMEOUT_MS: '200',
      REQUEST_TIMEOUT_MS: '5000',
      MAX_COST: '5000',
      MAX_DEPTH: '7',
      LOG_LEVEL: 'warn',
    },
  });
  const { data } = await query('{ clientCertificates { edges { cursor node { id arn } } } }');
  const edges: { cursor: string; node: { id: string; arn: string } }[] = data.clientCertificates.edges;
  const ids = [
    ...edges.slice(0, 8).flatMap(({ node: { id, arn } }) => [id, arn]),
    'c040',
    'c041',
    'gone',
    globalIdOf('gone'),
    'no id!',
  ];
  const cursors = edges.slice(0, 12).map(({ cursor }) => cursor);
  const words = {
    ID: ids,
    after: cursors,
    before: cursors,
    key: ['team', 'env'],
    tagKeys: ['team', 'env'],
    value: ['1', '3'],
  };
  let runs = 0;
  const tally: Record<string, number> = {};
  const count = (what: string) => {
    tally[what] = (tally[what] ?? 0) + 1;
  };

  async function ask(sent: Sent, accept: string): Promise<{ status: number; text: string }> {
    const response = await server.fetch('http://service/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(sent),
    });
    return { status: response.status, text: await response.text() };
  }

  function check({ status, text }: { status: number; text: string }, sent: Sent): void {
    expect(status).toBeLessThan(500);
    const answer: { data?: unknown; errors?: { message: unknown; extensions?: { code?: unknown } }[] } =
      JSON.parse(text);
    if (answer.data) expect(breaches(schema, sent.query, sent.operationName, answer.data)).toEqual([]);
    else expect(answer.errors?.length).toBeGreaterThan(0);
    for (const { message, extensions } of answer.errors ?? []) {
      expect(CODES).toContain(extensions?.code);
      expect(message).not.toMatch(LEAKS);
      count(`${extensions?.code}`);
    }
    expect(text).not.toMatch(LEAKS);
    count(answer.data ? (answer.errors ? 'partly' : 'ok') : 'refused');
  }

  const operation = fc.tuple(randomOperations(schema, words), fc.constantFrom(...ACCEPT));
  const batches = fc.array(operation, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' });
  await fc.assert(
    fc.asyncProperty(batches, faults, async (batch, next) => {
      runs += 1;
      const outage = runs % OUTAGE_EVERY === 0 && FAULT_NAMES[(runs / OUTAGE_EVERY) % FAULT_NAMES.length];
      fail(() => {
        const name = outage || next.next().value;
        if (name) count(`fault ${name}`);
        return name && FAULTS[name];
      });
      const answers = batch.map(([sent, accept]) => within(HUNG_MS, ask(sent, accept)));
      for (const [i, answer] of (await Promise.all(answers)).entries())
        check(answer, batch[i]?.[0] ?? { query: '' });
    }),
    { numRuns: RUNS, endOnFailure: true },
  );

  fail(() => undefined);
  expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect((await query('{ clientCertificates { totalCount } }')).errors).toBe(undefined);
  expect(Object.keys(tally)).toEqual(
    expect.arrayContaining([...FAULT_NAMES.map((name) => `fault ${name}`), ...REACHED]),
  );
  expect(tally['ok']).toBeGreaterThan((RUNS * AT_ONCE) / 5);
});

async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(() => late.reject(new Error('A request hung.')), timeoutMs);
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}
