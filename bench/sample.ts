import { type Load, load } from './load.ts';
import { cpuMs, type Running, residentMib, settled } from './processes.ts';
import { callsOf, type Stub } from './stub-process.ts';

/** The figures of one load. */
export type Sample = {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMsPerRequest: number;
  awsCallsPerRequest: number;
  residentMib: number;
  failures: number;
};

/**
 * Runs one load, and measures what it costs the server and AWS. At its end, one request per connection has no answer
 * yet. These requests cost something too, so they are awaited and counted.
 */
export async function measure(running: Running, stub: Stub, given: Load): Promise<Sample> {
  const cpuBefore = cpuMs(running.pid);
  await stub.counts();
  const { requests, bytesPerAnswer, ...result } = await load(given);
  const cpu = (await settled(running.pid)) - cpuBefore;
  const { all } = callsOf(await stub.counts());
  const begun = requests + given.connections;
  return {
    requestsPerSecond: result.requestsPerSecond,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuMsPerRequest: cpu / begun,
    awsCallsPerRequest: all / begun,
    residentMib: residentMib(running.pid),
    failures: result.failures + (await failuresBySize(given, bytesPerAnswer, requests)),
  };
}

/** A GraphQL error has status 200, too, but fewer bytes: if the average is more than 5 % off, all answers count. */
async function failuresBySize(
  { url, bodies }: Load,
  bytesPerAnswer: number,
  requests: number,
): Promise<number> {
  const sizes = await Promise.all(bodies.map((body) => sizeOf(url, body)));
  const expected = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return Math.abs(bytesPerAnswer - expected) <= Math.max(0.05 * expected, 64) ? 0 : requests;
}

async function sizeOf(url: string, body: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const bytes = (await response.arrayBuffer()).byteLength;
  const headers = [...response.headers].reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    0,
  );
  return bytes + headers + `HTTP/1.1 200 OK\r\n\r\n`.length;
}
