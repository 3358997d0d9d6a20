import { DeleteClientCertificateCommand, UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import type { ClientCertificate } from '../../src/resources/client-certificates/client-certificate.ts';
import { createRounds } from '../support/clock.ts';
import { type RunningOptions, runService } from '../support/running-service.ts';
import { examples } from '../support/service.ts';

const CREATED = examples(1)[0]?.createdDate ?? new Date(0);
const EXPIRES = CREATED.getTime() / 1000 + 365 * 24 * 60 * 60;
const METRIC = 'certway_client_certificate_expiration_timestamp_seconds';

/** The service; `refresh` lets it read the expirations again, as it does at every interval. */
async function start(options: RunningOptions) {
  const { wait, first, next } = createRounds();
  const service = await runService({ ...options, clock: { ...options.clock, wait } });
  await first();
  const scrape = async (metric: string) =>
    samplesOf(await (await fetch(`${service.url}/metrics`)).text(), metric);
  return { ...service, refresh: next, scrape, expirations: async () => scrape(METRIC) };
}

/** The samples of a metric, without its name. */
const samplesOf = (text: string, metric: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`))
    .map((line) => line.slice(metric.length));

const numberOf = (sample = '') => Number(sample.slice(sample.lastIndexOf(' ') + 1));

test('there is an expiration for each certificate, whatever its description', async () => {
  const descriptions = [
    'plain',
    '',
    'with "quotes"',
    'two\nlines',
    'back\\slash',
    'a="b",c="d"} 1',
    'ünï 🔑',
  ];
  const service = await start({
    emulator: {
      examples: descriptions.map((description, i) => ({ id: `c${i}`, description, createdDate: CREATED })),
    },
  });
  await service.refresh();
  expect((await service.expirations()).toSorted()).toEqual(
    [
      'plain',
      '',
      'with \\"quotes\\"',
      'two\\nlines',
      'back\\\\slash',
      'a=\\"b\\",c=\\"d\\"} 1',
      'ünï 🔑',
    ].map(
      (escaped, i) =>
        `{client_certificate_id="c${i}",description="${escaped}",region="us-east-1"} ${EXPIRES}`,
    ),
  );
});

test('the expiration disappears with the certificate, and has its newest description', async () => {
  const service = await start({ emulator: { examples: examples(3) } });
  await service.refresh();
  expect(await service.expirations()).toHaveLength(3);
  await service.client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c001' }));
  const patchOperations = [{ op: 'replace' as const, path: '/description', value: 'renamed' }];
  await service.client.send(
    new UpdateClientCertificateCommand({ clientCertificateId: 'c002', patchOperations }),
  );
  expect(await service.expirations()).toHaveLength(3);
  await service.refresh();
  expect(await service.expirations()).toEqual([
    `{client_certificate_id="c000",description="",region="us-east-1"} ${EXPIRES}`,
    `{client_certificate_id="c002",description="renamed",region="us-east-1"} ${EXPIRES}`,
  ]);
});

test('the configured tags are labels, which are empty if a certificate does not have them', async () => {
  const [first, second] = examples(2);
  const service = await start({
    env: { METRIC_TAGS: 'team,cost center,9-ü' },
    emulator: {
      examples: [
        {
          ...first,
          id: 'c0',
          createdDate: CREATED,
          tags: { team: 'Payments "A"', '9-ü': 'x', other: 'secret' },
        },
        { ...second, id: 'c1', createdDate: CREATED, tags: { 'cost center': '7', Team: 'no' } },
      ],
    },
  });
  await service.refresh();
  const labels = (id: string, team: string, center: string, odd: string) =>
    `{client_certificate_id="${id}",description="",region="us-east-1",tag_team="${team}",tag_cost_center="${center}",tag_9__="${odd}"} ${EXPIRES}`;
  expect(await service.expirations()).toEqual([
    labels('c0', 'Payments \\"A\\"', '', 'x'),
    labels('c1', '', '7', ''),
  ]);
});

test('there are expirations for several pages of AWS', async () => {
  const service = await start({ emulator: { examples: examples(501) } });
  service.calls.length = 0;
  await service.refresh();
  expect(service.calls).toHaveLength(2);
  expect(await service.expirations()).toHaveLength(501);
});

test('the service reads the expirations when it starts', async () => {
  const { calls, log, url } = await runService({ emulator: { examples: examples(2) } });
  const scrape = async () => (await fetch(`${url}/metrics`)).text();
  await expect
    .poll(scrape, { timeout: 10_000 })
    .toContain(`${METRIC}{client_certificate_id="c001",description="",region="us-east-1"}`);
  for (let i = 0; i < 5; i++) await scrape();
  expect(calls).toHaveLength(1);
  expect(log).toEqual([]);
});

test('a service that cannot read the expirations says so in its log, and works otherwise', async () => {
  const { log, status } = await runService({
    emulator: { credentials: { accessKeyId: 'other', secretAccessKey: 'other' } },
  });
  await expect
    .poll(() => log[0], { timeout: 10_000 })
    .toMatchObject({
      level: 'warn',
      code: 'UPSTREAM_DENIED',
      msg: 'could not read the certificates for their metric',
    });
  expect(await status('/ready')).toBe(200);
});

test('the text of the expirations is made once per reading, and that of other metrics for each scrape', async () => {
  const metrics = createMetrics();
  const expirations = metrics.expirations({ tagKeys: [] });
  const { read, failed } = expirations.in({
    account: undefined,
    region: 'us-east-1',
    name: 'us-east-1',
    where: undefined,
  });
  const certificate: ClientCertificate = {
    id: 'any',
    clientCertificateId: 'c000',
    arn: 'any',
    accountId: null,
    account: null,
    region: 'us-east-1',
    description: null,
    createdDate: new Date(0),
    expirationDate: new Date(5000),
    pemEncodedCertificate: 'any',
    tags: [],
  };
  const certificates = [certificate];
  read({ certificates, readAtMs: 0, isStale: false, areAllWhole: true });
  const first = samplesOf(await metrics.text(), EXPIRATION);
  expect(first).toEqual([expect.stringMatching(/^\{client_certificate_id="c000".* 5$/)]);
  certificates.pop(); // the snapshot that has them need not live as long
  failed('THROTTLED');
  expect(samplesOf(await metrics.text(), EXPIRATION)).toEqual(first);
  expect(samplesOf(await metrics.text(), FAILURES)).toHaveLength(1);
  read({ certificates, readAtMs: 1000, isStale: false, areAllWhole: true });
  expect(samplesOf(await metrics.text(), EXPIRATION)).toEqual([]);
});

const EXPIRATION = 'certway_client_certificate_expiration_timestamp_seconds';
const LAST_READ = 'certway_client_certificates_last_read_timestamp_seconds';
const FAILURES = 'certway_client_certificates_read_failures_total';
const FAILED: Fault = { kind: 'error', error: new AwsError(500, 'InternalFailure', 'oops') };
const seconds = { timeout: 20_000 };

test('the time of the last reading is 0 before the first one, and failures are counted by code', async () => {
  const { url } = await runService({
    emulator: { credentials: { accessKeyId: 'other', secretAccessKey: 'other' } },
  });
  const scrape = async (metric: string) => samplesOf(await (await fetch(`${url}/metrics`)).text(), metric);
  expect(await scrape(LAST_READ)).toEqual(['{region="us-east-1"} 0']);
  await expect
    .poll(() => scrape(FAILURES), seconds)
    .toEqual([expect.stringMatching(/^\{region="us-east-1",code="UPSTREAM_DENIED"\} [1-9]/)]);
  expect(await scrape(LAST_READ)).toEqual(['{region="us-east-1"} 0']);
  expect(await scrape(METRIC)).toEqual([]);
});

test('a service that started without AWS has the expirations soon after AWS is there', async () => {
  const beforeMs = Date.now();
  const { fail, refresh, scrape } = await start({
    emulator: { examples: examples(1) },
    fault: () => FAILED,
  });
  expect(await scrape(FAILURES)).toHaveLength(1);
  expect(await scrape(METRIC)).toEqual([]);
  fail(() => undefined);
  await refresh();
  expect(await scrape(METRIC)).toHaveLength(1);
  const readAtMs = numberOf((await scrape(LAST_READ))[0]) * 1000;
  expect(readAtMs).toBeGreaterThan(beforeMs - 1000);
  expect(readAtMs).toBeLessThan(Date.now() + 1000);
});

test.each([
  ['an answer that stands in', '86400000'],
  ['nothing', '0'],
])('while AWS fails, the values and the time of their reading stay, with %s', async (_, CACHE_STALE_MS) => {
  let elapsedMs = 0;
  const { calls, fail, refresh, scrape } = await start({
    emulator: { examples: examples(2) },
    env: { CACHE_STALE_MS },
    clock: { now: () => new Date(CREATED.getTime() + elapsedMs), elapsedMs: () => elapsedMs },
  });
  expect(await scrape(METRIC)).toHaveLength(2);
  fail(() => FAILED);
  const callsBefore = calls.length;
  const [before] = await scrape(LAST_READ);
  const readAgain = async () => {
    elapsedMs += 1000;
    await refresh();
  };
  const callsAfter = async () => {
    await readAgain();
    return calls.length;
  };
  await expect.poll(callsAfter, seconds).toBeGreaterThan(callsBefore + 3);
  const [after] = await scrape(LAST_READ);
  expect(numberOf(after)).toBeLessThan(numberOf(before) + 0.5);
  expect(await scrape(METRIC)).toHaveLength(2);
  fail(() => undefined);
  const readAtMs = async () => {
    await readAgain();
    return numberOf((await scrape(LAST_READ))[0]);
  };
  await expect.poll(readAtMs, seconds).toBeGreaterThan(numberOf(after) + 0.5);
});
