import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { lookup, page, update } from '../support/sharing.ts';
import type { World } from './frozen.ts';
import { createHistory } from './history.ts';

export const TTL_MS = 300;
export const IDS = ['c000', 'c001', 'c002'];

/** A pause, perhaps a write through one replica, and reads through others at once. */
export type Step = { pauseMs: number; write: string | undefined; reads: string[] };

const step: fc.Arbitrary<Step> = fc.record({
  pauseMs: fc.constantFrom(0, 0, 20, 100, TTL_MS),
  write: fc.option(fc.constantFrom(...IDS), { nil: undefined, freq: 2 }),
  reads: fc.array(fc.constantFrom(...IDS, 'page'), { minLength: 1, maxLength: 8 }),
});

/** The same steps with every run; `STEPS` in the environment makes them more. */
const STEPS = Number(process.env['STEPS'] ?? 15);
const SEED = 17;
export const stepsOf = (seed: number): Step[] => fc.sample(step, { seed: SEED + seed, numRuns: STEPS });

/** Runs steps through one replica after the other. `run` resolves to the age of the oldest thing that was read. */
export function createModel(next: () => Pick<World['a'], 'query'>): { run(steps: Step[]): Promise<number> } {
  const nowMs = () => performance.now();
  const history = createHistory(IDS, nowMs);
  let written = 0;

  async function read(what: string): Promise<number[]> {
    const startedAtMs = nowMs();
    const { data, errors } = await next().query(what === 'page' ? page(10) : lookup(what));
    expect(errors).toBeUndefined();
    const found = what === 'page' ? data.clientCertificates.nodes : [data.clientCertificate];
    return found.map(
      ({ clientCertificateId, description }: { clientCertificateId: string; description: string | null }) =>
        history.ageMs(clientCertificateId, description, startedAtMs),
    );
  }

  async function write(id: string): Promise<void> {
    written += 1;
    const text = `text ${written}`;
    await history.write(id, text, async () => {
      const { errors, data } = await next().query(update(id, text));
      expect([errors, data.updateClientCertificate.__typename]).toEqual([
        undefined,
        'UpdateClientCertificatePayload',
      ]);
    });
  }

  return {
    run: async (steps) => {
      let oldestMs = 0;
      for (const { pauseMs, write: id, reads } of steps) {
        await wait(pauseMs);
        const writing = id === undefined ? undefined : write(id);
        const ages = (await Promise.all(reads.map(read))).flat();
        await writing;
        ages.push(...(await Promise.all(reads.map(read))).flat());
        oldestMs = Math.max(oldestMs, ...ages);
      }
      return oldestMs;
    },
  };
}
