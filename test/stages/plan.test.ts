import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Entry,
  nextRead,
  OFTEN_MS,
  RETRY_MS,
  SELDOM_MS,
  tooOldMs,
} from '../../src/resources/stages/plan.ts';

const api = (number: number, rest: Partial<Entry> = {}): Entry => ({
  subject: { kind: 'stages', api: { apiId: `a${number}`, name: '', protocol: 'REST' } },
  triedAtMs: undefined,
  isRead: false,
  isDenied: false,
  hasCertificate: false,
  ...rest,
});
const list = (protocol: 'REST' | 'WEBSOCKET'): Entry => ({
  subject: { kind: 'apis', protocol },
  triedAtMs: undefined,
  isRead: false,
  isDenied: false,
  hasCertificate: false,
});

/** Reads what the plan says, a call at a time, and returns when each entry was read. */
function follow(entries: Entry[], everyMs: number, untilMs: number): Map<Entry, number[]> {
  const reads = new Map<Entry, number[]>(entries.map((entry) => [entry, []]));
  let nowMs = 0;
  while (nowMs < untilMs) {
    const plan = nextRead(entries, nowMs);
    if ('dueInMs' in plan) {
      expect(plan.dueInMs).toBeGreaterThan(0);
      nowMs += plan.dueInMs;
    } else {
      const entry = entries.find(({ subject }) => subject === plan.subject);
      if (!entry) throw new Error('it plans what there is not');
      reads.get(entry)?.push(nowMs);
      Object.assign(entry, { triedAtMs: nowMs, isRead: true });
      nowMs += everyMs;
    }
  }
  return reads;
}

const gaps = (times: number[]) => times.slice(1).map((time, i) => time - (times[i] ?? 0));

describe('a plan', () => {
  test('has the lists first, then every API that was never read, in their order', () => {
    const entries = [list('REST'), list('WEBSOCKET'), api(1), api(2), api(3)];
    const reads = follow(entries, 1000, 5000);
    expect(entries.map((entry) => reads.get(entry))).toEqual([[0], [1000], [2000], [3000], [4000]]);
  });

  test('has a new API at once, whatever else is overdue', () => {
    const old = Array.from({ length: 50 }, (_, i) => api(i, { triedAtMs: 0, isRead: true }));
    const fresh = api(99);
    expect(nextRead([...old, fresh], 1e9)).toEqual({ subject: fresh.subject });
  });

  test('reads nothing more often than it should be', () => {
    const entries = [list('REST'), list('WEBSOCKET'), api(1, { hasCertificate: true }), api(2)];
    const reads = follow(entries, 100, 3_600_000);
    const shortest = entries.map((entry) => Math.min(...gaps(reads.get(entry) ?? [])));
    expect(shortest).toEqual([OFTEN_MS, OFTEN_MS, OFTEN_MS, SELDOM_MS]);
  });

  test('lets nothing starve: under any load, each entry is read within its share of a round', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 120 }),
        fc.constantFrom(100, 1000, 5000),
        (others, certificates, everyMs) => {
          const entries = [
            list('REST'),
            list('WEBSOCKET'),
            ...Array.from({ length: others }, (_, i) => api(i)),
            ...Array.from({ length: certificates }, (_, i) => api(1000 + i, { hasCertificate: true })),
          ];
          const round = (others + 4 * (certificates + 2)) * everyMs;
          const seldomMs = Math.max(SELDOM_MS, 2 * round);
          const reads = follow(entries, everyMs, 4 * seldomMs);
          for (const [{ subject, hasCertificate }, times] of reads) {
            const isOften = hasCertificate || subject.kind === 'apis';
            const most = isOften ? Math.max(OFTEN_MS, round) : seldomMs;
            expect(Math.max(...gaps(times))).toBeLessThanOrEqual(most + entries.length * everyMs);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('reads APIs with a certificate four times as often as the others where there is more to do than time', () => {
    const entries = Array.from({ length: 600 }, (_, i) => api(i, { hasCertificate: i < 100 }));
    const reads = Array.from(follow(entries, 1000, 10 * 3_600_000).values(), ({ length }) => length);
    const average = (numbers: number[]) => numbers.reduce((a, b) => a + b) / numbers.length;
    expect(average(reads.slice(0, 100)) / average(reads.slice(100))).toBeCloseTo(4, 0);
  });

  test('tries soon again what could not be read at all, and what AWS refuses no more often than the others', () => {
    const failed = api(1, { triedAtMs: 0 });
    const denied = api(2, { triedAtMs: 0, isDenied: true });
    expect(nextRead([failed, denied], 0)).toEqual({ dueInMs: RETRY_MS });
    expect(nextRead([failed, denied], RETRY_MS)).toEqual({ subject: failed.subject });
    expect(nextRead([denied], RETRY_MS)).toEqual({ dueInMs: OFTEN_MS });
    expect(nextRead([denied], SELDOM_MS)).toEqual({ subject: denied.subject });
  });

  test('without anything to read looks again in a while', () => {
    expect(nextRead([], 0)).toEqual({ dueInMs: OFTEN_MS });
  });
});

test.each([
  ['an hour', 400, 1, 3_600_000],
  ['two rounds of the slowest', 10_000, 1, 80_000_000],
  ['less where it is read more quickly', 10_000, 10, 8_000_000],
  ['two rounds of others', 10_000, 0, 80_000_000],
])('what was read before %s is too old', (_, apis, readsPerSecond, ms) => {
  expect(tooOldMs(apis, readsPerSecond)).toBe(ms);
});
