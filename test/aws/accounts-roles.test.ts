import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { until } from '../support/sharing.ts';
import { ACCOUNTS, ASSUME_ROLE, DEV, PROD, REGIONS, startAccounts, WHO_AM_I } from './accounts-support.ts';

const LIST =
  '{ clientCertificates(orderBy: { field: EXPIRATION_DATE }) { totalCount unavailable { region } } }';
const GENERATE =
  'mutation { generateClientCertificate(input: { account: "prod", region: "eu-west-1" }) { __typename } }';
const MINUTE = 60_000;

const refusal = (status: number, name: string, message = 'no'): Fault => ({
  kind: 'error',
  error: new AwsError(status, name, message),
});

test('one session of each role serves all its regions, and both services of API Gateway', async () => {
  const { callsTo, query, server, made, pass } = await startAccounts({
    env: { STAGE_READS_PER_SECOND: '10' },
  });
  const crawling = server.crawlStages();
  expect((await query(LIST)).data.clientCertificates).toEqual({ totalCount: 12, unavailable: [] });
  await until(async () => {
    await pass(50); // slowly, so that no call takes too long by this clock
    expect(callsTo('GetApis (v2)')).toHaveLength(6);
  });
  const sessions = callsTo(ASSUME_ROLE);
  expect(sessions.map(({ labels }) => labels)).toMatchObject([
    {
      RoleArn: `arn:aws:iam::${PROD}:role/certway`,
      RoleSessionName: 'certway',
      ExternalId: 'p1',
    },
    { RoleArn: `arn:aws:iam::${DEV}:role/team/certway`, RoleSessionName: 'certway' },
  ]);
  expect(sessions[1]?.labels).not.toHaveProperty('ExternalId');
  expect(sessions.map(({ accountRegion }) => accountRegion.region)).toEqual([REGIONS[0], REGIONS[0]]);
  expect(callsTo(WHO_AM_I)).toEqual([]);
  expect(
    new Set(
      made
        .filter(({ operation }) => operation.startsWith('Get'))
        .map(({ accountRegion }) => accountRegion.accountId),
    ),
  ).toEqual(new Set([PROD, DEV]));
  server.close();
  await crawling;
});

test('a session is made anew five minutes before it ends, once, and nobody waits for it', async () => {
  const { callsTo, fail, lookUp, pass } = await startAccounts();
  expect(await lookUp(PROD)).toBe('ok');
  await pass(54 * MINUTE);
  expect(await lookUp(PROD)).toBe('ok');
  expect(callsTo(ASSUME_ROLE)).toHaveLength(1);
  await pass(MINUTE + 1000); // AWS tells whole seconds
  const { promise, resolve } = Promise.withResolvers<void>();
  fail(({ operation }) => (operation === ASSUME_ROLE ? { kind: 'held', until: promise } : undefined));
  const outcomes = await Promise.all([...REGIONS, ...REGIONS].map((region) => lookUp(PROD, region)));
  expect(new Set(outcomes)).toEqual(new Set(['ok']));
  await expect.poll(() => callsTo(ASSUME_ROLE).length).toBe(2);
  resolve();
  await pass(10 * MINUTE);
  expect(await lookUp(PROD)).toBe('ok');
  expect(callsTo(ASSUME_ROLE)).toHaveLength(2);
});

test('while STS refuses a new session, the old one serves until its end', async () => {
  const { callsTo, fail, lookUp, pass } = await startAccounts();
  expect(await lookUp(PROD)).toBe('ok');
  fail(({ operation }) =>
    operation === ASSUME_ROLE ? refusal(400, 'Throttling', 'Rate exceeded') : undefined,
  );
  await pass(57 * MINUTE);
  for (let i = 0; i < 5; i += 1) expect(await lookUp(PROD)).toBe('ok');
  await expect.poll(() => callsTo(ASSUME_ROLE).length).toBe(4); // one, and three attempts
  await pass(4 * MINUTE);
  expect(await lookUp(PROD)).toBe('THROTTLED');
  fail(() => undefined);
  await pass(5000);
  expect(await lookUp(PROD)).toBe('ok');
});

test('a role that cannot be assumed is told to the operator, costs one call in 5 s however many ask, and concerns no other', async () => {
  let isTrusted = false;
  const { callsTo, lookUp, pass, query, ready, samples } = await startAccounts({
    emulator: { trust: (arn) => isTrusted || !arn.includes(PROD) },
  });
  for (let i = 0; i < 20; i += 1)
    for (const region of REGIONS) expect(await lookUp(PROD, region)).toBe('UPSTREAM_DENIED');
  expect(await lookUp(DEV)).toBe('ok');
  const ofProd = () => callsTo(ASSUME_ROLE).filter(({ labels }) => String(labels['RoleArn']).includes(PROD));
  expect(ofProd()).toHaveLength(1);
  expect((await ready()).aws.denied).toEqual(
    REGIONS.map((region) => ({
      account: 'prod',
      region,
      operation: 'GetClientCertificate',
      reason: 'not-allowed',
      action: 'sts:AssumeRole',
    })),
  );
  expect(await samples('certway_aws_denied_total')).toContain(
    '{operation="GetClientCertificate",reason="not-allowed",account="prod",region="eu-west-1"} 20',
  );
  await pass(5000);
  await query(LIST);
  expect(ofProd()).toHaveLength(2);
  isTrusted = true;
  await pass(5000);
  for (const region of REGIONS) expect(await lookUp(PROD, region)).toBe('ok');
  expect(ofProd()).toHaveLength(3);
  expect((await ready()).aws.denied).toEqual([]);
});

const HTML: Fault = { kind: 'raw', status: 200, contentType: 'text/html', body: '<html>' };
const EMPTY: Fault = { kind: 'change', change: () => ({}) };

test.for<[what: string, fault: Fault, code: string, attempts: number, denial?: object]>([
  ['AccessDenied', refusal(403, 'AccessDenied'), 'UPSTREAM_DENIED', 1, { reason: 'not-allowed' }],
  [
    'AccessDenied with the status 400',
    refusal(400, 'AccessDenied'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'not-allowed' },
  ],
  ['ExpiredToken', refusal(403, 'ExpiredToken'), 'UPSTREAM_DENIED', 1, { reason: 'expired' }],
  [
    'ExpiredTokenException',
    refusal(400, 'ExpiredTokenException'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'expired' },
  ],
  [
    'InvalidClientTokenId',
    refusal(403, 'InvalidClientTokenId'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'unknown-key' },
  ],
  [
    'SignatureDoesNotMatch',
    refusal(403, 'SignatureDoesNotMatch'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'wrong-signature' },
  ],
  [
    'IncompleteSignature',
    refusal(400, 'IncompleteSignature'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'wrong-signature' },
  ],
  ['RequestExpired', refusal(400, 'RequestExpired'), 'UPSTREAM_DENIED', 1, { reason: 'wrong-signature' }],
  [
    'RegionDisabledException',
    refusal(403, 'RegionDisabledException'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'not-allowed' },
  ],
  [
    'ValidationError',
    refusal(400, 'ValidationError', 'Request ARN is invalid'),
    'UPSTREAM_DENIED',
    1,
    { reason: 'other' },
  ],
  ['Throttling', refusal(400, 'Throttling', 'Rate exceeded'), 'THROTTLED', 3],
  ['ThrottlingException', refusal(400, 'ThrottlingException', 'Rate exceeded'), 'THROTTLED', 3],
  ['a failure of AWS', refusal(500, 'InternalFailure'), 'UPSTREAM_UNAVAILABLE', 3],
  ['a page of HTML', HTML, 'UPSTREAM_UNAVAILABLE', 1],
  ['an answer without credentials', EMPTY, 'UPSTREAM_UNAVAILABLE', 1],
  ['a closed connection', { kind: 'cut-off' }, 'UPSTREAM_UNAVAILABLE', 3],
])(
  '%s of STS is an error with its code, and no certificate may exist after it',
  async ([, fault, code, attempts, denial]) => {
    const { callsTo, fail, lookUp, query, ready, log } = await startAccounts();
    fail(({ operation }) => (operation === ASSUME_ROLE ? fault : undefined));
    expect(await lookUp(PROD)).toBe(code);
    expect(callsTo(ASSUME_ROLE)).toHaveLength(attempts);
    const { errors = [] } = await query(GENERATE);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual([code]);
    expect(errors[0]?.message).not.toMatch(/certificate/);
    expect(callsTo(ASSUME_ROLE)).toHaveLength(attempts);
    expect(callsTo('GenerateClientCertificate')).toEqual([]);
    const { denied } = (await ready()).aws;
    expect(denied).toHaveLength(denial ? 2 : 0);
    if (denial) expect(denied[0]).toMatchObject({ ...denial, account: 'prod', region: 'eu-central-1' });
    expect(JSON.stringify(log)).not.toContain('p1');
  },
);

test('who waits for an STS that does not answer leaves after a time, and STS is asked once', async () => {
  const { callsTo, fail, lookUp, pass, query } = await startAccounts();
  const { promise, resolve } = Promise.withResolvers<void>();
  fail(({ operation }) => (operation === ASSUME_ROLE ? { kind: 'held', until: promise } : undefined));
  const waiting = Promise.all(REGIONS.map((region) => lookUp(PROD, region)));
  const generating = query(GENERATE);
  await expect.poll(() => callsTo(ASSUME_ROLE).length).toBe(1);
  await pass(10_000);
  expect(await waiting).toEqual(REGIONS.map(() => 'UPSTREAM_TIMEOUT'));
  const { errors = [] } = await generating;
  expect(errors).toMatchObject([
    { message: 'AWS did not answer in time.', extensions: { code: 'UPSTREAM_TIMEOUT' } },
  ]);
  expect(await lookUp(PROD)).toBe('UPSTREAM_TIMEOUT'); // at once
  expect(callsTo(ASSUME_ROLE)).toHaveLength(1);
  resolve();
  await expect.poll(() => lookUp(PROD)).toBe('ok');
  expect(callsTo(ASSUME_ROLE)).toHaveLength(1);
});

test('a change that waits for credentials ends with the time of its operation, and is not made later', async () => {
  const { callsTo, fail, lookUp, pass, query } = await startAccounts({ env: { REQUEST_TIMEOUT_MS: '1000' } });
  const { promise, resolve } = Promise.withResolvers<void>();
  fail(({ operation }) => (operation === ASSUME_ROLE ? { kind: 'held', until: promise } : undefined));
  const generating = query(GENERATE);
  await expect.poll(() => callsTo(ASSUME_ROLE).length).toBe(1);
  await pass(1000);
  expect((await generating).errors).toMatchObject([
    { message: 'The operation timed out before AWS was asked.', extensions: { code: 'UPSTREAM_TIMEOUT' } },
  ]);
  resolve();
  await expect.poll(() => lookUp(PROD)).toBe('ok');
  expect(callsTo('GenerateClientCertificate')).toEqual([]);
});

test('when AWS refuses a session before its end, one other is made for all regions', async () => {
  const { callsTo, fail, lookUp, pass, query } = await startAccounts();
  await query(LIST);
  await pass(30_000);
  let isRefused = true;
  fail(({ operation, accountRegion }) => {
    if (operation === ASSUME_ROLE) isRefused = false;
    return isRefused && accountRegion.accountId === PROD && operation.startsWith('GetClient')
      ? refusal(403, 'ExpiredTokenException', 'The security token included in the request is expired')
      : undefined;
  });
  expect(await Promise.all(REGIONS.map((region) => lookUp(PROD, region)))).toContain('UPSTREAM_DENIED');
  for (const region of REGIONS) expect(await lookUp(PROD, region)).toBe('ok');
  expect(callsTo(ASSUME_ROLE)).toHaveLength(3);
});

test('sessions that AWS keeps refusing are not made again and again', async () => {
  const { callsTo, fail, lookUp, pass } = await startAccounts();
  fail(({ operation }) => (operation.startsWith('Get') ? refusal(403, 'ExpiredTokenException') : undefined));
  for (let i = 0; i < 60; i += 1) {
    for (const region of REGIONS) expect(await lookUp(PROD, region)).toBe('UPSTREAM_DENIED');
    await pass(1000);
  }
  expect(callsTo(ASSUME_ROLE).length).toBeLessThanOrEqual(3);
});

test('a session that seems to have ended as soon as it was made, by a clock that differs, is used', async () => {
  const { callsTo, lookUp, pass } = await startAccounts({
    now: () => new Date('2026-11-29T12:00:00Z'),
    emulator: { now: () => new Date('2026-11-28T12:00:00Z') },
  });
  for (let i = 0; i < 29; i += 1) {
    expect(await lookUp(PROD)).toBe('ok');
    await pass(1000);
  }
  expect(callsTo(ASSUME_ROLE)).toHaveLength(1);
});

test('the digits of a profile are asked for once, when they are needed first, and those of a role never', async () => {
  const { callsTo, query, server, made } = await startAccounts({ env: { ACCOUNTS: `own,${ACCOUNTS}` } });
  expect(made).toEqual([]);
  await server.fetch('http://localhost/ready');
  expect(made).toEqual([]);
  const answers = await Promise.all([
    query(LIST),
    query(LIST),
    query('{ clientCertificates(first: 2) { nodes { accountId } } }'),
  ]);
  expect(answers[2]?.data.clientCertificates.nodes).toEqual([
    { accountId: '123456789012' },
    { accountId: '123456789012' },
  ]);
  for (let i = 0; i < 3; i += 1) await query('{ clientCertificates(first: 12) { nodes { id accountId } } }');
  expect(callsTo(WHO_AM_I).map(({ accountRegion }) => accountRegion)).toEqual([
    { accountId: '123456789012', region: 'eu-central-1' },
  ]);
});

test('digits that cannot be had cost one call in 5 s', async () => {
  const { callsTo, fail, pass, query } = await startAccounts({ env: { ACCOUNTS: 'own' } });
  fail(({ operation }) => (operation === WHO_AM_I ? refusal(403, 'AccessDenied') : undefined));
  for (let i = 0; i < 10; i += 1) {
    const { errors } = await query(
      '{ clientCertificates(first: 2, filter: { regions: ["eu-west-1"] }) { nodes { id accountId } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
  }
  expect(callsTo(WHO_AM_I)).toHaveLength(1);
  fail(() => undefined);
  await pass(5000);
  const { data } = await query('{ clientCertificates(first: 1) { nodes { accountId } } }');
  expect(data.clientCertificates.nodes).toEqual([{ accountId: '123456789012' }]);
});

test('without accounts, STS is asked for nothing', async () => {
  for (const AWS_REGIONS of ['', 'us-east-1', REGIONS.join()]) {
    const { made, query } = await startAccounts({ env: { ACCOUNTS: '', AWS_REGIONS } });
    await query('{ clientCertificates { nodes { id accountId account } totalCount } }');
    expect(made.map(({ operation }) => operation).filter((operation) => operation.includes('sts'))).toEqual(
      [],
    );
  }
});
