/**
 * What each kind of page costs as the collection grows: calls of AWS, time, the longest pause of the event loop, memory.
 * The emulator is a process of its own. Run with `npm run bench`; it prints a Markdown table.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { createApiGateway } from '../src/api-gateway.ts';
import { parseConfig } from '../src/config.ts';
import { createMetrics } from '../src/metrics.ts';
import { createServer } from '../src/server.ts';

const ROUNDS = 7;
const MIB = 1024 * 1024;

const FIELDS =
  'edges { cursor node { id description status createdDate expirationDate tags { key value } } } pageInfo { endCursor }';
const WITH_X509 = 'nodes { id x509 { fingerprintSha256 notAfter } }';

const kinds: [name: string, args: string, fields: string][] = [
  ['plain, first 25', 'first: 25', FIELDS],
  ['plain, first 25, at the end', 'first: 25, after: "END"', FIELDS],
  ['plain, first 500', 'first: 500', FIELDS],
  ['plain, first 500 with x509', 'first: 500', WITH_X509],
  ['ordered, first 25', 'first: 25, orderBy: { field: EXPIRATION_DATE }', FIELDS],
  ['ordered by description, first 500', 'first: 500, orderBy: { field: DESCRIPTION }', FIELDS],
  ['filtered by tag, first 25', 'first: 25, filter: { tags: [{ key: "team", value: "team-7" }] }', FIELDS],
  ['last 25', 'last: 25', FIELDS],
  ['totalCount', 'first: 1', 'totalCount'],
];

const rows = [
  '| certificates | page | AWS calls | ms (median) | longest pause, ms | memory above idle, MiB |',
  '|---|---|---|---|---|---|',
];
for (const size of [60, 1000, 10_000]) rows.push(...(await measure(size)));
process.stdout.write(`${rows.join('\n')}\n`);

async function measure(size: number): Promise<string[]> {
  const emulator = fork(new URL('emulator.ts', import.meta.url), [String(size)]);
  const [endpoint] = await once(emulator, 'message');
  let calls = 0;
  const config = parseConfig({});
  const apiGateway = await createApiGateway({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
    onCall: () => {
      calls += 1;
    },
  });
  const server = await createServer({
    config,
    apiGateway,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
  });
  const ask = async (args: string, fields: string) => {
    const response = await server.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ clientCertificates(${args}) { ${fields} } }` }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data.clientCertificates;
  };

  const end = await walkToTheLastPage(ask);
  const lines: string[] = [];
  for (const [name, args, fields] of kinds) {
    const given = args.replace('END', end);
    await ask(given, fields);
    global.gc?.();
    const idle = process.memoryUsage.rss();
    let peak = idle;
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 5);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const times: number[] = [];
    calls = 0;
    delay.enable();
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      await ask(given, fields);
      times.push(performance.now() - startedAt);
    }
    delay.disable();
    clearInterval(sampler);
    const median = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
    lines.push(
      `| ${size} | ${name} | ${calls / ROUNDS} | ${median.toFixed(1)} | ${(delay.max / 1e6).toFixed(0)} | ${((peak - idle) / MIB).toFixed(0)} |`,
    );
  }
  apiGateway.client.destroy();
  emulator.kill();
  return lines;
}

/** The cursor behind which the last 25 stand, as a client gets it that walks there page by page. */
async function walkToTheLastPage(
  ask: (args: string, fields: string) => Promise<{ totalCount: number; pageInfo: { endCursor: string } }>,
): Promise<string> {
  const { totalCount } = await ask('first: 1', 'totalCount');
  let cursor = '';
  for (let left = totalCount; left > 25; left -= Math.min(25, left - 25)) {
    const size = Math.min(25, left - 25);
    const page = await ask(`first: ${size}${cursor && `, after: "${cursor}"`}`, 'pageInfo { endCursor }');
    cursor = page.pageInfo.endCursor;
  }
  return cursor;
}
