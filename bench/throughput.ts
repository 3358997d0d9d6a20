import { isRightAnswer } from './expected.ts';
import { type Load, load } from './load.ts';
import { cpuMs, type Running, residentMib, SERVER_CORE, settled, start } from './processes.ts';
import { bodiesOf, type QueryName } from './queries.ts';
import { type Contestant, FLOOR, OURS, type Server } from './servers.ts';
import type { StubCertificate } from './stub-certificates.ts';
import { callsOf, type Stub, startStub } from './stub-process.ts';

export const CERTIFICATES = 60;
export const MANY = 50;

/** The first query also warms up what all have in common; each sample at one connection goes before one at many. */
const WARM_UP_SECONDS: Record<QueryName, number> = { A: 2, B: 1, C: 1, D: 1 };

export type Sample = {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMsPerRequest: number;
  awsCallsPerRequest: number;
  residentMib: number;
  failures: number;
};

/** One sample of a row, for a query and a number of connections. */
export type Measurement = { name: string; query: QueryName; connections: number; sample: Sample };

export type ThroughputOptions = {
  queries: QueryName[];
  rounds: number;
  seconds: number;
  contestants: Contestant[];
  progress: (text: string) => void;
};

/**
 * "Measured": all servers are up, and take turns within each round. Fails where one gives a wrong answer; with no round
 * at all that is all it does.
 */
export async function measureThroughput({
  queries,
  rounds,
  seconds,
  contestants,
  progress,
}: ThroughputOptions): Promise<Measurement[]> {
  const stub = await startStub({ certificates: CERTIFICATES });
  const items = await stub.certificates();
  const ids = items.map(({ clientCertificateId }) => clientCertificateId);
  const processes = new Map<Server, Running>();
  for (const { server } of contestants)
    if (!processes.has(server)) processes.set(server, await start(server.program(stub.url), SERVER_CORE));

  const measurements: Measurement[] = [];
  for (const query of queries) {
    const bodies = bodiesOf(query, ids);
    const rows = contestants
      .filter((contestant) => contestant.queries?.includes(query) ?? true)
      .map(({ name, server, isNumbered = false }) => {
        const running = processes.get(server);
        if (!running) throw new Error(`${name} is not running`);
        return { name, running, given: { url: `${running.url}${server.path}`, bodies, isNumbered } };
      });
    const right = await checkAnswers(query, bodies, items, rows);
    for (const { name, given } of rows)
      if (name === FLOOR) await fetch(given.url, { method: 'PUT', body: right });
    if (rounds > 0)
      for (const { given } of rows)
        await load({ ...given, connections: MANY, seconds: WARM_UP_SECONDS[query] });
    for (let round = 1; round <= rounds; round += 1) {
      progress(`query ${query}, round ${round} of ${rounds}`);
      for (const { name, running, given } of rows)
        for (const connections of [1, MANY]) {
          const load = { ...given, connections, seconds: connections === 1 ? 1 : seconds };
          measurements.push({ name, query, connections, sample: await measure(running, stub, load) });
        }
    }
  }
  for (const { stop } of processes.values()) await stop();
  await stub.stop();
  return measurements;
}

/**
 * One load, with what it cost the server and AWS. The requests that had no answer when it was over, one a connection,
 * cost something too: they are waited for, and counted.
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

/** Every body to every server but the floor; the answer of ours to the first, for the floor to repeat. */
async function checkAnswers(
  query: QueryName,
  bodies: string[],
  items: StubCertificate[],
  rows: { name: string; given: { url: string } }[],
): Promise<string> {
  let ofOurs = '';
  for (const { name, given } of rows.filter((row) => row.name !== FLOOR))
    for (const [index, body] of bodies.entries()) {
      const text = await post(given.url, body);
      if (!isRightAnswer(query, index, items, text))
        throw new Error(`${name} answers query ${query} wrongly:\n${text.slice(0, 1000)}`);
      if (name === OURS) ofOurs ||= text;
    }
  return ofOurs;
}

/** A GraphQL error has status 200 as well, but fewer bytes: all answers, if the average is more than 5 % off. */
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
  const response = await fetch(url, { method: 'POST', headers: JSON_TYPE, body });
  const bytes = (await response.arrayBuffer()).byteLength;
  const headers = [...response.headers].reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    0,
  );
  return bytes + headers + `HTTP/1.1 200 OK\r\n\r\n`.length;
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function post(url: string, body: string): Promise<string> {
  return (await fetch(url, { method: 'POST', headers: JSON_TYPE, body })).text();
}
