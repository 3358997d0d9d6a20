import { DeleteClientCertificateCommand, UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { runs } from '../support/runs.ts';
import { CREDENTIALS, createInProcess } from '../support/service.ts';
import { COUNT, lookup, startSharing, turns, update } from '../support/sharing.ts';

/** Nine steps per run on average: `RUNS=140 npx vitest run test/sharing/model.test.ts` takes 100,000. */
const RUNS = runs(40);

/** The services of a test live until it ends. */
const RUNS_A_TEST = Math.min(RUNS, 40);

vi.setConfig({ testTimeout: 120_000 });

const TTL_MS = 1000;
const IDS = ['c000', 'c001', 'c002', 'c003', 'c004'];

const PAGE = '{ nodes { clientCertificateId description tags { key value } } pageInfo { hasNextPage } }';
const QUESTIONS = [
  COUNT,
  ...IDS.map(lookup),
  `{ clientCertificates(first: 2) ${PAGE} }`,
  `{ clientCertificates ${PAGE} }`,
  `{ clientCertificates(last: 2) ${PAGE} }`,
  `{ clientCertificates(orderBy: { field: DESCRIPTION, direction: DESC }) ${PAGE} }`,
  `{ clientCertificates(filter: { descriptionContains: "a" }) ${PAGE} }`,
  `{ clientCertificates(filter: { tags: [{ key: "k" }] }) { totalCount } }`,
];
const CURSORS = 4;

/** Requests of clients, and changes by them or elsewhere, all at once. Slow reads end after the change. */
type Step = { passMs: number; questions: number[]; change?: Change | undefined; isSlow: boolean };
type Change = {
  by: 'client' | 'elsewhere';
  kind: 'describe' | 'tag' | 'delete' | 'generate';
  id: string;
  text: string;
};

const change: fc.Arbitrary<Change> = fc.record({
  by: fc.constantFrom('client', 'client', 'elsewhere'),
  kind: fc.constantFrom('describe', 'describe', 'tag', 'delete', 'generate'),
  id: fc.constantFrom(...IDS),
  text: fc.constantFrom('a', 'ab', 'b'),
});
const step: fc.Arbitrary<Step> = fc.record({
  passMs: fc.constantFrom(0, 0, 0, 300, 700, TTL_MS),
  questions: fc.array(fc.nat(QUESTIONS.length + CURSORS - 1), { maxLength: 4 }),
  change: fc.option(change, { nil: undefined, freq: 2 }),
  isSlow: fc.boolean(),
});

const mutationOf = ({ kind, id, text }: Change): string => {
  if (kind === 'describe') return update(id, text);
  if (kind === 'generate') return `mutation { generateClientCertificate(input: {}) { __typename } }`;
  const input =
    kind === 'delete'
      ? `id: "${id}", evenIfUsed: true`
      : `id: "${id}", tags: [{ key: "k", value: "${text}" }]`;
  return `mutation { ${kind}ClientCertificate(input: { ${input} }) { __typename } }`;
};

/** The service that shares, and one that does not, on the same emulator. */
async function startBoth(env: Record<string, string>) {
  const shared = await startSharing({ count: IDS.length, env: { CACHE_TTL_MS: `${TTL_MS}`, ...env } });
  const { query: plain } = await createInProcess({
    upstream: { endpoint: shared.endpoint, credentials: CREDENTIALS },
  });
  const elsewhere = async ({ kind, id, text }: Change): Promise<unknown> => {
    const clientCertificateId = id;
    if (kind === 'delete')
      return shared.client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
    const patchOperations = [{ op: 'replace' as const, path: '/description', value: text }];
    return shared.client.send(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations }));
  };
  return { ...shared, plain, elsewhere };
}

/** Cursors from AWS's pages, and from the whole collection. */
async function cursorsOf({ plain }: Awaited<ReturnType<typeof startBoth>>): Promise<string[]> {
  const { data } = await plain(`{
    pages: clientCertificates(first: 2) { edges { cursor } }
    all: clientCertificates(last: 5) { edges { cursor } }
  }`);
  const edges = data as Record<'pages' | 'all', { edges: { cursor: string }[] }>;
  return [...edges.pages.edges, ...edges.all.edges.slice(1, 3)].map(({ cursor }) => cursor);
}

/**
 * The answers of the service that does not share. One operation is faster than many; if one of the questions is not valid
 * any more, they are asked alone.
 */
async function answersOf(
  { plain }: Awaited<ReturnType<typeof startBoth>>,
  questions: string[],
): Promise<unknown[]> {
  const field = /^\{ ((\w+).*) \}$/s;
  const { data } = await plain(
    `{ ${questions.map((text, i) => text.replace(field, `a${i}: $1`)).join(' ')} }`,
  );
  if (!data) return Promise.all(questions.map(async (text) => (await plain(text)).data));
  return questions.map((text, i) => ({
    [text.replace(field, '$2')]: (data as Record<string, unknown>)[`a${i}`],
  }));
}

const WAYS: [how: string, env: Record<string, string>][] = [
  ['with cached responses', { EXPOSE_COST: 'false' }],
  ['without cached responses', {}],
];

const TESTS = WAYS.flatMap((way) => Array.from({ length: Math.ceil(RUNS / RUNS_A_TEST) }, () => way));

test.for(TESTS)(
  'an answer is one that AWS would have given after the last write and within the TTL, %s',
  async ([, env]) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
        const both = await startBoth(env);
        const cursors = await cursorsOf(both);
        const questions = [
          ...QUESTIONS,
          ...cursors.map((cursor) => `{ clientCertificates(first: 2, after: "${cursor}") ${PAGE} }`),
        ];
        const look = async () => answersOf(both, questions);

        /** What AWS would have answered, until when, and whether that may still be returned. */
        let states: { answers: unknown[]; endedAtMs: number }[] = [
          { answers: await look(), endedAtMs: Number.POSITIVE_INFINITY },
        ];
        let nowMs = 0;
        for (const { passMs, questions: asked, change, isSlow } of steps) {
          nowMs += passMs;
          both.pass(passMs);
          states = states.filter(({ endedAtMs }) => endedAtMs > nowMs - TTL_MS);
          const isOwn = change?.by === 'client';
          const { promise: until, resolve: release } = Promise.withResolvers<void>();
          both.fail((call) => (isSlow && call.startsWith('Get') ? { kind: 'held', until } : undefined));
          const asking = Promise.all(asked.map(async (index) => both.query(questions[index] ?? '')));
          if (isSlow) await turns(); // by then, AWS has computed the answer that it sends later
          if (change && isOwn) await both.query(mutationOf(change));
          else if (change) await both.elsewhere(change).catch(() => undefined); // it was deleted before
          release();
          const answers = await asking;
          if (change) {
            for (const state of states) state.endedAtMs = Math.min(state.endedAtMs, nowMs);
            states.push({ answers: await look(), endedAtMs: Number.POSITIVE_INFINITY });
          }
          for (const [i, index] of asked.entries())
            expect(states.map((state) => state.answers[index])).toContainEqual(answers[i]?.data);
          if (isOwn) states = states.slice(-1);
        }
      }),
      { numRuns: RUNS_A_TEST },
    );
  },
);
