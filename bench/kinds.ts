import { type Connection, createConnection } from './connection.ts';
import { residentMib, SERVER_CORE, settled, start } from './processes.ts';
import { bodyOf } from './queries.ts';
import { ANY_CALLS, ours } from './servers.ts';
import { median } from './statistics.ts';
import { callsOf, type Stub } from './stub-process.ts';

/** What one page costs without a cache: AWS calls, time, and how long other requests waited meanwhile. */
export type Kind = {
  certificates: number;
  kind: string;
  awsCalls: number;
  ms: number;
  longestPauseMs: number;
  residentMib: number;
};

const ROUNDS = 5;

const FIELDS =
  'edges { cursor node { id description status createdDate expirationDate tags { key value } } } pageInfo { endCursor }';

const KINDS: [kind: string, args: string, fields: string][] = [
  ['plain, first 25', 'first: 25', FIELDS],
  ['plain, first 500', 'first: 500', FIELDS],
  ['plain, first 500, with x509', 'first: 500', 'nodes { id x509 { fingerprintSha256 notAfter } }'],
  ['ordered by expiration, first 25', 'first: 25, orderBy: { field: EXPIRATION_DATE }', FIELDS],
  ['ordered by description, first 500', 'first: 500, orderBy: { field: DESCRIPTION }', FIELDS],
  ['filtered by tag, first 25', 'first: 25, filter: { tags: [{ key: "team", value: "team-7" }] }', FIELDS],
  ['last 25', 'last: 25', FIELDS],
  ['totalCount', 'first: 1', 'totalCount'],
];

/** Asks a service of its own for one page after another. */
export async function measureKinds(stub: Stub, certificates: number): Promise<Kind[]> {
  const server = ours({ CACHE_TTL_MS: '0', ...ANY_CALLS });
  const running = await start(server.program(stub.url), SERVER_CORE);
  const connection = createConnection(new URL(server.path, running.url));
  const health = createConnection(new URL('/health', running.url));
  await settled(running.pid); // at the start it reads all certificates, for a metric
  const kinds: Kind[] = [];
  for (const [kind, args, fields] of KINDS) {
    const body = bodyOf(`{ clientCertificates(${args}) { ${fields} } }`);
    await ask(connection, body);
    await stub.counts();
    const times: number[] = [];
    let isOver = false;
    const longest = longestAnswer(health, () => isOver);
    for (let round = 0; round < ROUNDS; round += 1) times.push(await ask(connection, body));
    isOver = true;
    kinds.push({
      certificates,
      kind,
      awsCalls: callsOf(await stub.counts()).reads / ROUNDS,
      ms: median(times),
      longestPauseMs: await longest,
      residentMib: residentMib(running.pid),
    });
  }
  await Promise.all([connection.close(), health.close()]);
  await running.stop();
  return kinds;
}

/** Milliseconds until the answer. Throws if it has errors. */
async function ask(connection: Connection, body: string): Promise<number> {
  const startedAt = performance.now();
  const text = (await connection.post(body)).text();
  const tookMs = performance.now() - startedAt;
  if (JSON.parse(text).errors) throw new Error(`${body}\nis answered with\n${text.slice(0, 1000)}`);
  return tookMs;
}

/** The slowest answer to `/health`, in milliseconds, until it is over. */
export async function longestAnswer(health: Connection, isOver: () => boolean): Promise<number> {
  let longestMs = 0;
  while (!isOver()) {
    const startedAt = performance.now();
    await health.get();
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  return longestMs;
}
