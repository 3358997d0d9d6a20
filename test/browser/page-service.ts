import { expect } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { emulate } from '../emulator/support.ts';
import { freePort } from '../support/free-port.ts';
import { serveOn } from '../support/process.ts';

type Fault = NonNullable<EmulatorOptions['fault']>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A certificate that expires in so many days, and an hour: all tests of a file are over by then. */
export const expiringIn = (days: number, example: Omit<Example, 'createdDate'> = {}): Example => ({
  ...example,
  createdDate: new Date(Date.now() + (days - 365) * DAY_MS + HOUR_MS),
});

/**
 * The process of the service on an emulator of the test. `calls` has the AWS operations that reached it, `fail` sets what
 * becomes of the next ones; the first ones have the emulator's own `fault`.
 */
export async function startPageService(emulator: EmulatorOptions = {}, env: Record<string, string> = {}) {
  const calls: string[] = [];
  let fault: Fault = emulator.fault ?? (() => undefined);
  const { url: endpoint, client } = await emulate({
    ...emulator,
    fault: (operation, labels, accountRegion) => {
      calls.push(operation);
      return fault(operation, labels, accountRegion);
    },
  });
  const { url, stop, query } = await serveOn(endpoint, {
    PORT: `${await freePort()}`, // where another one may take its place
    AWS_ENDPOINT_URL_STS: endpoint,
    STAGE_READS_PER_SECOND: '10',
    ...env,
  });
  return {
    url,
    stop,
    query,
    /** Of the emulator. */
    endpoint,
    client,
    calls,
    fail: (next: Fault) => {
      fault = next;
    },
  };
}

/** Resolves once all stages have been read, so that no usage is unknown. */
export const untilStagesAreRead = async (url: string, key?: string) =>
  expect
    .poll(async () => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
        body: '{"query":"{ apiStages(first: 0) { index { complete } } }"}',
      });
      return (await response.json()).data.apiStages.index.complete;
    })
    .toBe(true);
