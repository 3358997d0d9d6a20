/** Of all runs of a property, `npm test` makes this part. `npm run test:long` makes all; `RUNS=100` is a hundred times as many. */
const SHARE = Number(process.env['RUNS'] ?? 0.1);

/** Fewer would say nothing. */
const LEAST = 5;

/** How often fast-check tries a property that is dear to try, where `all` are its runs in `npm run test:long`. */
export const runs = (all: number): number => Math.max(Math.min(all, LEAST), Math.ceil(all * SHARE));
