import { expect, test, vi } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { serve } from '../support/process.ts';

vi.setConfig({ testTimeout: 60_000 });

const ACCOUNTS = Array.from(
  { length: 60 },
  (_, i) => `a${i}=arn:aws:iam::${100_000_000_000 + i}:role/certway`,
).join();
const AWS_REGIONS = Array.from({ length: 20 }, (_, i) => `eu-west-${i + 1}`).join();

const AWS = {
  UPSTREAM: 'aws',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  DRAIN_DELAY_MS: '0',
  ACCOUNTS,
  AWS_REGIONS,
};

test('with 1,200 accounts and regions and an AWS that never answers, the service starts, serves and stops', async () => {
  const calls: string[] = [];
  const { url } = await emulate({
    fault: (operation) => {
      calls.push(operation);
      return { kind: 'lost' };
    },
  });
  const { url: own, query, stop } = await serve({ ...AWS, AWS_ENDPOINT_URL: url });
  expect(await query('{ accountRegions { accountId account region unavailable { code } } }')).toMatchObject({
    data: { accountRegions: expect.objectContaining({ length: 1200 }) },
  });
  const { status } = await fetch(new URL('/ready', own));
  expect(status).toBe(200);
  await expect.poll(() => calls.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(calls.length).toBeLessThanOrEqual(16); // what is read in the background at the same time
  const { errors } = await query(
    '{ clientCertificates(first: 1, filter: { accounts: ["a59"], regions: ["eu-west-1"] }) { nodes { id } } }',
  );
  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['UPSTREAM_TIMEOUT']);
  expect(await stop()).toMatchObject({ code: 0, stderr: '' });
});

test('with 1,200 accounts and regions, all are read in the background, and clients are answered meanwhile', async () => {
  const { url } = await emulate();
  const {
    url: own,
    query,
    stop,
  } = await serve({
    ...AWS,
    AWS_ENDPOINT_URL: url,
    LOG_LEVEL: 'warn',
    STAGE_READS_PER_SECOND: '1',
  });
  const read = async () =>
    (await (await fetch(new URL('/metrics', own))).text()).match(
      /^certway_client_certificates_last_read_timestamp_seconds\{.*\} [1-9].*$/gm,
    )?.length ?? 0;
  let waitedMs = 0;
  const startedAtMs = performance.now();
  while ((await read()) < 1200) {
    const askedAtMs = performance.now();
    const { data } = await query(
      '{ clientCertificates(first: 1, filter: { accounts: ["a59"], regions: ["eu-west-20"] }) { totalCount } }',
    );
    waitedMs = Math.max(waitedMs, performance.now() - askedAtMs);
    expect(data.clientCertificates.totalCount).toBe(0);
  }
  process.stdout.write(
    `1,200 accounts and regions were read ${Math.round(performance.now() - startedAtMs)} ms after the start; no client waited for longer than ${Math.round(waitedMs)} ms\n`,
  );
  expect(await stop()).toMatchObject({ code: 0, stderr: '' });
});
