import { createConnection } from './connection.ts';
import { type Kind, measureKinds } from './kinds.ts';
import { type Running, SERVER_CORE, start } from './processes.ts';
import { bodyOf, lookupBody, pageBody } from './queries.ts';
import { measure, type Sample } from './sample.ts';
import { ANY_CALLS, ours, type Server } from './servers.ts';
import { type Stub, startStub } from './stub-process.ts';

/** A query to the service over `certificates` certificates. Each answer has `items` items. */
export type Growth = { certificates: number; query: string; items: number; sample: Sample };

export const SIZES = [60, 1000, 10_000];

/** At this size, pages of these lengths are compared with a page of 25. */
export const SIZE_OF_LENGTHS = 1000;
const LENGTHS = [100, 500];

/** The longest page, made by graphql-js alone. */
export const EXECUTED = 'A, first 500, `FAST_PATH=false`';

export const CONNECTIONS = 10;

const LOOKUPS = 60;

export type GrowthOptions = { sizes: number[]; seconds: number; progress: (text: string) => void };

/** "As it grows": all requests differ, so that none is answered from the response cache. */
export async function measureGrowth({ sizes, seconds, progress }: GrowthOptions) {
  const growth: Growth[] = [];
  const kinds: Kind[] = [];
  for (const certificates of sizes) {
    progress(`${certificates} certificates`);
    const stub = await startStub({ certificates });
    growth.push(...(await measureSize(stub, certificates, seconds)));
    kinds.push(...(await measureKinds(stub, certificates)));
    await stub.stop();
  }
  return { growth, kinds };
}

type Query = { query: string; items: number; bodies: string[] };

async function measureSize(stub: Stub, certificates: number, seconds: number): Promise<Growth[]> {
  const given = { stub, certificates, seconds };
  const growth = await measureQueries(given, ours(ANY_CALLS), (running) =>
    queriesOf(running, stub, certificates),
  );
  if (certificates !== SIZE_OF_LENGTHS) return growth;
  const executing = ours({ ...ANY_CALLS, FAST_PATH: 'false' });
  const executed = { query: EXECUTED, items: 500, bodies: [pageBody({ first: 500 })] };
  return [...growth, ...(await measureQueries(given, executing, async () => [executed]))];
}

/** Measures queries to a server, one after the other. */
async function measureQueries(
  { stub, certificates, seconds }: { stub: Stub; certificates: number; seconds: number },
  server: Server,
  queriesTo: (running: Running) => Promise<Query[]>,
): Promise<Growth[]> {
  const running = await start(server.program(stub.url), SERVER_CORE);
  const url = `${running.url}${server.path}`;
  const growth: Growth[] = [];
  for (const { query, items, bodies } of await queriesTo(running)) {
    const load = { url, bodies, connections: CONNECTIONS, isNumbered: true };
    await measure(running, stub, { ...load, seconds: 1 });
    growth.push({ certificates, query, items, sample: await measure(running, stub, { ...load, seconds }) });
  }
  await running.stop();
  return growth;
}

async function queriesOf(running: Running, stub: Stub, certificates: number): Promise<Query[]> {
  const ids = (await stub.certificates()).map(({ clientCertificateId }) => clientCertificateId);
  const spread = Array.from(
    { length: LOOKUPS },
    (_, index) => ids[Math.floor((index * ids.length) / LOOKUPS)],
  );
  const after = await cursorBeforeTheLast25(running, certificates);
  return [
    { query: 'A, first 25', items: 25, bodies: [pageBody()] },
    { query: 'A, the last page', items: 25, bodies: [pageBody({ after })] },
    { query: 'B', items: 1, bodies: spread.map((id) => lookupBody(id ?? '')) },
    ...(certificates === SIZE_OF_LENGTHS ? LENGTHS : []).map((first) => ({
      query: `A, first ${first}`,
      items: first,
      bodies: [pageBody({ first })],
    })),
  ];
}

/** The cursor before the last 25 certificates. Walks the whole list, as a client does. */
async function cursorBeforeTheLast25({ url }: Running, certificates: number): Promise<string> {
  const connection = createConnection(new URL('/graphql', url));
  let cursor = '';
  for (let left = certificates; left > 25; left -= Math.min(500, left - 25)) {
    const args = `first: ${Math.min(500, left - 25)}${cursor && `, after: "${cursor}"`}`;
    const answer = await connection.post(
      bodyOf(`{ clientCertificates(${args}) { edges { cursor } pageInfo { endCursor } } }`),
    );
    cursor = JSON.parse(answer.text()).data.clientCertificates.pageInfo.endCursor;
  }
  await connection.close();
  return cursor;
}
