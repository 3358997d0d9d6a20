import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { runs } from '../support/runs.ts';
import {
  denied,
  failed,
  idsIn,
  PATIENCE_MS,
  PLACES,
  type Place,
  startEverywhere,
  throttled,
  turns,
} from './support.ts';

/** How many walks of each kind. */
const WALKS = runs(12);

vi.setConfig({ testTimeout: 60_000 + WALKS * 5000 });

const FAULTS: Record<string, Fault> = { denied, failed, throttled, hangs: { kind: 'no-answer' } };

type Change = { place: Place; kind: 'delete' | 'generate'; which: number };

/** What happens before a page is asked for. What is not in `faulty` answers. */
type Step = {
  size: number;
  passMs: number;
  faulty: Partial<Record<Place, string>>;
  change?: Change | undefined;
};

type Walk = { counts: number[]; steps: Step[] };

const place = fc.constantFrom(...PLACES);
const step: fc.Arbitrary<Step> = fc.record({
  size: fc.integer({ min: 1, max: 5 }),
  passMs: fc.constantFrom(0, 0, 0, 1000, 6000),
  faulty: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(place, fc.constantFrom(...Object.keys(FAULTS)), { maxKeys: 2 }),
    },
  ),
  change: fc.option(fc.record({ place, kind: fc.constantFrom('delete', 'generate'), which: fc.nat(9) }), {
    nil: undefined,
    freq: 1,
  }),
});
const walk: fc.Arbitrary<Walk> = fc.record({
  counts: fc.array(fc.nat(5), { minLength: PLACES.length, maxLength: PLACES.length }),
  steps: fc.array(step, { minLength: 3, maxLength: 8 }),
});

/** A cursor has the ids of four neighbours. */
const MAX_DELETED = 3;

/** With a clock that stands still while anybody is waited for but those that hang. */
async function startWalk(counts: number[], env: Record<string, string>) {
  const service = await startEverywhere({
    seeds: Object.fromEntries(PLACES.map((place, i) => [place, counts[i] ?? 0])),
    env: { UPSTREAM_REQUEST_TIMEOUT_MS: '60000', ...env },
  });
  const { pass, failIn, made, accountRegions, timers } = service;
  let faulty: Step['faulty'] = {};

  /** Those that fail are not waited for. */
  const failing = () =>
    accountRegions.all.filter(({ availability }) => availability.current()).map(({ name }) => name);

  return {
    ...service,
    breakIn: (next: Step['faulty']) => {
      faulty = next;
      failIn((place) => FAULTS[faulty[place] ?? '']);
    },
    /** An answer, for which time passes if it waits for nobody but those that hang. */
    ask: async (text: string) => {
      let isDone = false;
      const wereFailing = failing();
      const before = new Set(timers());
      const known = new Set<object>();
      made.length = 0;
      const answer = service.query(text).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await turns();
        const waits = timers().filter((timer) => timer.ms === PATIENCE_MS && !before.has(timer));
        const hang = new Set(
          made.flatMap(({ place }) =>
            place && faulty[place] === 'hangs' && !wereFailing.includes(place) ? [place] : [],
          ),
        );
        const isOfThose = waits.filter((wait) => !known.has(wait)).length <= hang.size;
        if (waits.length === 0 || !isOfThose) continue;
        for (const wait of waits) known.add(wait);
        made.length = 0;
        await pass(500);
      }
      return answer;
    },
  };
}

type Kind = { args: string; isBackward?: boolean; isPlain?: boolean };

type Edge = { node: { clientCertificateId: string; account: string; region: string } };

const KINDS: [how: string, kind: Kind][] = [
  ['plain', { args: '', isPlain: true }],
  ['ordered', { args: 'orderBy: { field: CREATED_DATE, direction: DESC }' }],
  ['filtered', { args: 'filter: { status: VALID }' }],
  ['from the end', { args: '', isBackward: true }],
  [
    'ordered and from the end',
    { args: 'orderBy: { field: EXPIRATION_DATE, direction: ASC }', isBackward: true },
  ],
];

const WAYS: [how: string, env: Record<string, string>][] = [
  ['without a memory', {}],
  ['with a memory', { CACHE_TTL_MS: '1000', CACHE_STALE_MS: '60000' }],
];

const keyOf = ({ node }: Edge): string => `${node.account}/${node.region} ${node.clientCertificateId}`;

async function run(
  { counts, steps }: Walk,
  { args, isBackward = false, isPlain = false }: Kind,
  env: Record<string, string>,
) {
  const service = await startWalk(counts, env);
  const { ask, breakIn, clientIn, pass } = service;
  const hasMemory = 'CACHE_TTL_MS' in env;
  const deleted = new Set<string>();
  const seen: string[] = [];
  const named = new Set<string>();
  const wereFaulty = new Set<string>();

  async function make({ place, kind, which }: Change): Promise<void> {
    if (kind === 'generate')
      await clientIn(place).send(new GenerateClientCertificateCommand({ description: 'new' }));
    const ids = idsIn(place, counts[PLACES.indexOf(place)] ?? 0).filter(
      (id) => !deleted.has(`${place} ${id}`),
    );
    const clientCertificateId = ids[which % Math.max(1, ids.length)];
    if (kind === 'generate' || !clientCertificateId || deleted.size === MAX_DELETED) return;
    deleted.add(`${place} ${clientCertificateId}`);
    await clientIn(place).send(new DeleteClientCertificateCommand({ clientCertificateId }));
  }

  let cursor: string | null = null;
  let hasMore = true;
  for (let i = 0; hasMore; i += 1) {
    const { size = 5, passMs = 0, faulty = {}, change } = steps[i] ?? {};
    await pass(passMs);
    breakIn({});
    if (change) await make(change);
    breakIn(faulty);
    for (const place of Object.keys(faulty)) wereFaulty.add(place);
    const from: string = cursor === null ? '' : `, ${isBackward ? 'before' : 'after'}: "${cursor}"`;
    const { data, errors } =
      await ask(`{ clientCertificates(${isBackward ? 'last' : 'first'}: ${size}${from}, ${args}) {
      edges { node { clientCertificateId account region } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      unavailable { account region }
    } }`);
    if (errors) {
      // all that the page had to ask have failed; the client tries again later
      expect(wereFaulty.size).toBeGreaterThan(0);
      expect(['UPSTREAM_DENIED', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'THROTTLED']).toContain(
        errors[0]?.extensions['code'],
      );
      await pass(6000);
      continue;
    }
    const { edges, pageInfo, unavailable } = data.clientCertificates;
    expect(edges.length).toBeLessThanOrEqual(size);
    seen.push(...(isBackward ? edges.toReversed() : edges).map(keyOf));
    const missing = unavailable.map(({ account, region }: Edge['node']) => `${account}/${region}`);
    for (const place of missing) named.add(place);
    expect(wereFaulty).toEqual(new Set([...wereFaulty, ...missing])); // no other one is named
    if (!isPlain && !hasMemory) expect(missing).toEqual(expect.arrayContaining(Object.keys(faulty)));
    hasMore = isBackward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    cursor = (isBackward ? pageInfo.startCursor : pageInfo.endCursor) ?? cursor;
    expect(hasMore && edges.length === 0).toBe(false);
  }

  expect(seen).toHaveLength(new Set(seen).size);
  const stayed = PLACES.flatMap((place, i) =>
    idsIn(place, counts[i] ?? 0).map((id) => ({ place, key: `${place} ${id}` })),
  );
  const expected = stayed
    .filter(({ place, key }) => !deleted.has(key) && !named.has(place))
    .map(({ key }) => key);
  expect(seen).toEqual(expect.arrayContaining(expected));
  await service.server.close();
}

const TESTS = KINDS.flatMap(([how, kind]) =>
  WAYS.map(([way, env]) => [`${how}, ${way}`, kind, env] as const),
);

test.for(TESTS)(
  'a walk misses nothing where nobody is named as unavailable, and repeats nothing: %s',
  async ([, kind, env]) => {
    await fc.assert(
      fc.asyncProperty(walk, async (one) => run(one, kind, env)),
      { numRuns: WALKS },
    );
  },
);
