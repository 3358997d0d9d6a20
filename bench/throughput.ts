import { isRightAnswer } from './expected.ts';
import { load } from './load.ts';
import { type Running, SERVER_CORE, start } from './processes.ts';
import { bodiesOf, type QueryName } from './queries.ts';
import { measure, type Sample } from './sample.ts';
import { type Contestant, FLOOR, OURS, type Server } from './servers.ts';
import type { StubCertificate } from './stub-certificates.ts';
import { startStub } from './stub-process.ts';

export const CERTIFICATES = 60;
export const MANY = 50;

/**
 * The first query also warms up the code that all queries share, until V8 has compiled it. In each round, the sample at
 * one connection comes first and warms up the one at many.
 */
const WARM_UP_SECONDS: Record<QueryName, number> = { A: 3, B: 1, C: 1, D: 1 };

/** One sample: a row, a query and a number of connections. */
export type Measurement = { name: string; query: QueryName; connections: number; sample: Sample };

type Row = {
  name: string;
  running: Running;
  given: { url: string; bodies: string[]; isNumbered: boolean };
};

export type ThroughputOptions = {
  queries: QueryName[];
  rounds: number;
  seconds: number;
  contestants: Contestant[];
  progress: (text: string) => void;
};

/**
 * "Measured": all servers run at the same time, and take turns within each round. First it checks their answers, and
 * throws if one is wrong; with 0 rounds it does nothing else.
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
    const rows: Row[] = contestants
      .filter((contestant) => contestant.queries?.includes(query) ?? true)
      .map(({ name, server, isNumbered = false }) => {
        const running = processes.get(server);
        if (!running) throw new Error(`${name} is not running`);
        return { name, running, given: { url: `${running.url}${server.path}`, bodies, isNumbered } };
      });
    await prepare(query, rows, items);
    if (rounds > 0)
      for (const { given } of rows)
        await load({ ...given, connections: MANY, seconds: WARM_UP_SECONDS[query] });
    for (let round = 1; round <= rounds; round += 1) {
      progress(`query ${query}, round ${round} of ${rounds}`);
      for (const { name, running, given } of rows)
        for (const connections of [1, MANY]) {
          const load = { ...given, connections, seconds: connections === 1 ? Math.min(1, seconds) : seconds };
          measurements.push({ name, query, connections, sample: await measure(running, stub, load) });
        }
    }
  }
  for (const { stop } of processes.values()) await stop();
  await stub.stop();
  return measurements;
}

/**
 * Sends every body to every server but the floor, and throws if an answer is wrong. The floor gets Certway's answer to
 * the first body, which it repeats.
 */
async function prepare(query: QueryName, rows: Row[], items: StubCertificate[]): Promise<void> {
  let ofOurs = '';
  for (const { name, given } of rows) {
    if (name === FLOOR) continue;
    for (const [index, body] of given.bodies.entries()) {
      const text = await send('POST', given.url, body);
      if (!isRightAnswer(query, index, items, text))
        throw new Error(`${name} answers query ${query} wrongly:\n${text.slice(0, 1000)}`);
      if (name === OURS) ofOurs ||= text;
    }
  }
  for (const { name, given } of rows) if (name === FLOOR) await send('PUT', given.url, ofOurs);
}

async function send(method: string, url: string, body: string): Promise<string> {
  return (await fetch(url, { method, headers: { 'content-type': 'application/json' }, body })).text();
}
