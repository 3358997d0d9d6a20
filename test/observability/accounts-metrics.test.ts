import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { DEV, PROD, REGIONS, startAccounts } from '../aws/accounts-support.ts';
import { examples, restApis } from '../support/service.ts';

const LIST =
  '{ clientCertificates(orderBy: { field: EXPIRATION_DATE }) { nodes { id } unavailable { region } } }';
const THROTTLED: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
};

const placesOf = (accounts: string[], more = '') =>
  accounts.flatMap((account) => REGIONS.map((region) => `{account="${account}",region="${region}"}${more}`));

/** Two accounts in three regions, each with a certificate and a stage that uses it. */
const EMULATOR = {
  accountRegions: [PROD, DEV].flatMap((accountId) =>
    REGIONS.map((region) => ({
      accountId,
      region,
      examples: examples(1),
      restApis: restApis(1, () => [{ stageName: 'live', clientCertificateId: 'c000' }]),
    })),
  ),
};

test('each account and region has its own expirations, index of stages, calls and health', async () => {
  const { pass, query, samples, server } = await startAccounts({
    emulator: EMULATOR,
    env: { STAGE_READS_PER_SECOND: '10', METRIC_TAGS: 'team' },
  });
  const running = await server.start();
  await query(LIST);
  const complete = placesOf(['prod', 'dev'], ' 1');
  await expect
    .poll(
      async () => {
        await pass(1000);
        return samples('certway_stage_index_complete');
      },
      { timeout: 20_000 },
    )
    .toEqual(complete);
  expect(await samples('certway_client_certificate_expiration_timestamp_seconds')).toEqual(
    placesOf(['prod', 'dev']).map((place) =>
      expect.stringContaining(
        `{client_certificate_id="c000",description="",${place.slice(1, -1)},tag_team=""}`,
      ),
    ),
  );
  expect(await samples('certway_client_certificate_stages')).toEqual(
    placesOf(['prod', 'dev']).map((place) => `{client_certificate_id="c000",${place.slice(1)} 1`),
  );
  for (const metric of ['apis', 'apis_read'])
    expect(await samples(`certway_stage_index_${metric}`)).toEqual(complete);
  for (const metric of [
    'certway_client_certificates_last_read_timestamp_seconds',
    'certway_stage_index_oldest_read_timestamp_seconds',
    'certway_stage_index_calls_total',
  ])
    expect((await samples(metric)).filter((sample) => !sample.endsWith(' 0'))).toHaveLength(6);
  expect(await samples('certway_account_region_unavailable')).toEqual(placesOf(['prod', 'dev'], ' 0'));
  const calls = (await samples('certway_account_region_calls_total')).toSorted();
  expect(calls).toEqual([
    '{account="",region="",outcome="ok"} 2',
    ...placesOf(['dev', 'prod']).map((place) =>
      expect.stringContaining(`${place.slice(0, -1)},outcome="ok"} `),
    ),
  ]);
  await running.stop();
});

test('where AWS throttles and refuses, that account and region has the numbers, and the values of the others stay', async () => {
  const { fail, log, pass, query, samples, server } = await startAccounts({
    emulator: EMULATOR,
    env: { EXPIRY_REFRESH_MS: '1000' },
  });
  const running = await server.start();
  const read = 'certway_client_certificates_last_read_timestamp_seconds';
  const readAt = async () =>
    new Map((await samples(read)).map((sample) => sample.split(' ') as [string, string]));
  await expect.poll(async () => [...(await readAt()).values()].filter((at) => at !== '0').length).toBe(6);
  const before = await readAt();
  fail(({ accountRegion: { accountId, region } }) => {
    if (accountId === PROD && region === 'eu-west-1') return THROTTLED;
    if (accountId === DEV) return { kind: 'error', error: new AwsError(403, 'AccessDeniedException', 'no') };
    return undefined;
  });
  await pass(60_000);
  await query(LIST);
  await expect
    .poll(async () => (await readAt()).get('{account="prod",region="us-east-1"}'), { timeout: 20_000 })
    .not.toBe(before.get('{account="prod",region="us-east-1"}'));
  const after = await readAt();
  for (const place of ['{account="prod",region="eu-west-1"}', ...placesOf(['dev'])])
    expect(after.get(place)).toBe(before.get(place));
  expect(await samples('certway_client_certificate_expiration_timestamp_seconds')).toHaveLength(6);
  expect(await samples('certway_account_region_unavailable')).toEqual([
    '{account="prod",region="eu-central-1"} 0',
    '{account="prod",region="eu-west-1"} 1',
    '{account="prod",region="us-east-1"} 0',
    ...placesOf(['dev'], ' 1'),
  ]);
  const without = async (metric: string) =>
    (await samples(metric)).map((sample) => sample.replace(/ \d+$/, ''));
  for (const metric of ['certway_aws_throttles_total', 'certway_aws_retries_total'])
    expect(await without(metric)).toEqual([
      '{operation="GetClientCertificates",account="prod",region="eu-west-1"}',
    ]);
  expect((await without('certway_aws_denied_total')).toSorted()).toEqual(
    placesOf(['dev']).map(
      (place) => `{operation="GetClientCertificates",reason="not-allowed",${place.slice(1)}`,
    ),
  );
  await expect
    .poll(async () => (await without('certway_client_certificates_read_failures_total')).toSorted())
    .toEqual([
      ...placesOf(['dev']).map((place) => `${place.slice(0, -1)},code="UPSTREAM_DENIED"}`),
      '{account="prod",region="eu-west-1",code="THROTTLED"}',
    ]);
  const changes = () => log.filter(({ msg }) => /account and region/.test(String(msg)));
  expect(changes().map(({ level, account, region, code }) => ({ level, account, region, code }))).toEqual(
    expect.arrayContaining([
      { level: 'warn', account: 'prod', region: 'eu-west-1', code: 'THROTTLED' },
      ...REGIONS.map((region) => ({ level: 'warn', account: 'dev', region, code: 'UPSTREAM_DENIED' })),
    ]),
  );
  expect(changes()).toHaveLength(4);
  fail(() => undefined);
  await pass(10_000);
  await expect
    .poll(async () => samples('certway_account_region_unavailable'), { timeout: 20_000 })
    .toEqual(placesOf(['prod', 'dev'], ' 0'));
  expect(changes()).toHaveLength(8);
  await running.stop();
});

test('calls that are held back are counted where that was', async () => {
  const { lookUp, samples } = await startAccounts({ env: { UPSTREAM_CALLS_PER_SECOND: '1' } });
  for (let i = 0; i < 4; i += 1) expect(await lookUp(PROD)).toBe('ok');
  void lookUp(PROD); // waits for a clock that stands still
  await expect
    .poll(() => samples('certway_aws_calls_held_back_total'))
    .toEqual(['{how="waited",account="prod",region="eu-central-1"} 1']);
  expect(await lookUp(DEV)).toBe('ok');
});

test('with several, each metric is described once, and each series is there once', async () => {
  const { fail, query, server } = await startAccounts({ emulator: EMULATOR, env: { METRIC_TAGS: 'team' } });
  const running = await server.start();
  fail(({ accountRegion }) => (accountRegion.accountId === DEV ? THROTTLED : undefined));
  await query(LIST);
  const text = await (await server.fetch('http://localhost/metrics')).text();
  const lines = text.split('\n').filter((line) => line !== '');
  for (const word of ['HELP', 'TYPE']) {
    const described = lines.filter((line) => line.startsWith(`# ${word} `)).map((line) => line.split(' ')[2]);
    expect(new Set(described).size).toBe(described.length);
  }
  const series = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
  expect(new Set(series).size).toBe(series.length);
  let metric = '';
  for (const line of lines) {
    if (line.startsWith('# HELP ')) metric = line.split(' ')[2] ?? '';
    else if (!line.startsWith('#'))
      expect([metric, `${metric}_bucket`, `${metric}_sum`, `${metric}_count`]).toContain(
        line.split(/[{ ]/)[0],
      );
  }
  await running.stop();
});

test.each(['\r', '\u2028', '\u2029'])(
  'a description with %j and a # stays whole in every account and region',
  async (separator) => {
    const description = `a${separator}# b`;
    const { samples, server } = await startAccounts({
      env: { METRIC_TAGS: 'team' },
      emulator: {
        accountRegions: EMULATOR.accountRegions.map((place) => ({
          ...place,
          examples: examples(1).map((example) => ({ ...example, description })),
        })),
      },
    });
    const running = await server.start();
    await expect
      .poll(async () => samples('certway_client_certificate_expiration_timestamp_seconds'))
      .toEqual(
        placesOf(['prod', 'dev']).map((place) =>
          expect.stringContaining(
            `{client_certificate_id="c000",description="${description}",${place.slice(1, -1)},tag_team=""} `,
          ),
        ),
      );
    await running.stop();
  },
);

test('names of accounts and descriptions with special characters are escaped', async () => {
  const name = 'a.b_c@d+e:f-g';
  const { samples, query } = await startAccounts({
    env: { ACCOUNTS: `${name}=arn:aws:iam::${PROD}:role/certway` },
    emulator: EMULATOR,
  });
  await query(LIST);
  expect(await samples('certway_account_region_unavailable')).toContain(
    `{account="${name}",region="eu-west-1"} 0`,
  );
});
