/**
 * The service in a process of its own, for 60 accounts in 20 regions on the emulator at the URL of the one argument. Prints, as
 * JSON, how long its start and a scrape took, the memory before it, with nothing but the configuration, and once each account and
 * region was read for a client, for the metrics and for its stages; and the answer that the client got.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { createService } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { memoryUsed } from './heap.ts';

const QUERY = `{
  accountRegions { accountId }
  clientCertificates(first: 5, orderBy: { field: EXPIRATION_DATE }) { nodes { arn } unavailable { account region unavailable { code message } } }
}`;
const ACCOUNTS = Array.from(
  { length: 60 },
  (_, i) => `a${i}=arn:aws:iam::${100_000_000_000 + i}:role/certway`,
);
const REGIONS = Array.from({ length: 20 }, (_, i) => `eu-north-${i + 1}`);

const create = async (env: Record<string, string>) =>
  createService({
    config: parseConfig({ PORT: '0', DRAIN_DELAY_MS: '0', LOG_LEVEL: 'silent', ...env }),
    log: pino({}, { write: () => undefined }),
    upstream: {
      endpoint: process.argv[2] ?? '',
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    },
  });
type Service = Awaited<ReturnType<typeof create>>;

async function ask(service: Service): Promise<{ data: Record<string, unknown> }> {
  const response = await service.fetch('http://service/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  return (await response.json()) as { data: Record<string, unknown> };
}

/** How many samples of a metric have another value than 0. */
async function count(service: Service, metric: string): Promise<number> {
  const text = await (await service.fetch('http://service/metrics')).text();
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`) && !line.endsWith(' 0')).length;
}

await ask(await create({ AWS_REGIONS: 'eu-north-1' })); // loads what every service needs
const before = await memoryUsed();
const startedAtMs = performance.now();
const service = await create({
  ACCOUNTS: ACCOUNTS.join(),
  AWS_REGIONS: REGIONS.join(),
  STAGE_READS_PER_SECOND: '10',
});
const startMs = performance.now() - startedAtMs;
const configured = await memoryUsed();
const { data } = await ask(service);
const listed = await memoryUsed();
const listensAtMs = performance.now();
const running = await service.start();
const listenMs = performance.now() - listensAtMs;
const places = ACCOUNTS.length * REGIONS.length;
for (const metric of [
  'certway_client_certificates_last_read_timestamp_seconds',
  'certway_stage_index_complete',
])
  while ((await count(service, metric)) < places) await wait(500);
const idle = await memoryUsed();
const scrapedAtMs = performance.now();
await service.fetch('http://service/metrics');
const scrapeMs = performance.now() - scrapedAtMs;
process.stdout.write(
  `${JSON.stringify({ places, startMs, listenMs, scrapeMs, before, configured, listed, idle, data })}\n`,
);
await running.stop();
