import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPace } from '../../src/resources/stages/pace.ts';

type Event = { afterMs: number; kind: 'call' | 'throttle' | 'well' };

const events = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 1, 99, 100, 500, 1000, 5000, 70_000),
    kind: fc.constantFrom('call', 'call', 'call', 'throttle', 'well'),
  }) satisfies fc.Arbitrary<Event>,
  { maxLength: 60 },
);

test('whatever happens, calls come no faster than the pace, and none within a second of a throttle', () => {
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 5, 10), events, (perSecond, all) => {
      const pace = createPace(perSecond);
      const calls: number[] = [];
      let throttledAtMs = Number.NEGATIVE_INFINITY;
      let nowMs = 0;
      for (const { afterMs, kind } of all) {
        nowMs += afterMs;
        if (kind === 'throttle') {
          throttledAtMs = nowMs;
          pace.slowDown(nowMs);
        } else if (kind === 'well') pace.wentWell(nowMs);
        else {
          nowMs += pace.waitMs(nowMs);
          expect(pace.waitMs(nowMs)).toBe(0);
          expect(nowMs - throttledAtMs).toBeGreaterThanOrEqual(1000);
          pace.sent(nowMs);
          calls.push(nowMs);
        }
      }
      for (const [i, atMs] of calls.entries())
        expect(atMs - (calls[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000 / perSecond);
    }),
  );
});

test('each throttle after a pause doubles the next one, up to a minute, and each good call halves it', () => {
  const pace = createPace(1);
  let nowMs = 0;
  const pauses: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    pace.slowDown(nowMs);
    pauses.push(pace.waitMs(nowMs));
    nowMs += pace.waitMs(nowMs);
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  pace.wentWell(nowMs);
  pace.slowDown(nowMs);
  expect(pace.waitMs(nowMs)).toBe(60_000);
  nowMs += 60_000;
  for (let i = 0; i < 6; i += 1) pace.wentWell(nowMs);
  pace.slowDown(nowMs);
  expect(pace.waitMs(nowMs)).toBe(1000);
});

test('many throttles of one moment are one, and the pause begins with the last of them', () => {
  const pace = createPace(1);
  for (const nowMs of [0, 0, 100, 900]) pace.slowDown(nowMs);
  expect(pace.waitMs(900)).toBe(1000);
});

test('a good answer to a call that was sent before a throttle does not shorten the pause', () => {
  const pace = createPace(1);
  pace.slowDown(0);
  pace.wentWell(500);
  expect(pace.waitMs(500)).toBe(500);
});
