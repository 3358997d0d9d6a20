import { figure } from './markdown.ts';

/** A goal of the benchmark: what it is about, its bound, the measured value, and whether that meets the bound. */
export type Target = { what: string; bound: string; got: string; isMet: boolean };

export const atLeast = (what: string, bound: number, got: number, unit = ''): Target => ({
  what,
  bound: `at least ${figure(bound)}${unit}`,
  got: `${figure(got)}${unit}`,
  isMet: got >= bound,
});

export const atMost = (what: string, bound: number, got: number, unit = ''): Target => ({
  what,
  bound: `at most ${figure(bound)}${unit}`,
  got: `${figure(got)}${unit}`,
  isMet: got <= bound,
});
