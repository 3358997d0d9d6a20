import { expect, test, vi } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { startReceiver, status } from '../notifications/receiver.ts';
import { DAY_MS, SECRET } from '../notifications/support.ts';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, run, serve } from '../support/process.ts';
import { restApis } from '../support/service.ts';
import { denied } from '../support/sharing.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A certificate that has passed 7 days an hour ago, one that has passed 14 days four days ago, and one that lives on. */
const EXAMPLES = [
  { id: 'soon', daysLeft: 7 - 1 / 24 },
  { id: 'later', daysLeft: 10 },
  { id: 'fine', daysLeft: 300 },
].map(({ id, daysLeft }) => ({ id, createdDate: new Date(Date.now() + (daysLeft - 365) * DAY_MS) }));

async function start(options: Parameters<typeof emulate>[0] = {}) {
  const receiver = await startReceiver();
  const { url } = await emulate({ examples: EXAMPLES, ...options });
  const notify = async (line = '', env: Record<string, string> = {}) => {
    const { end } = await run(['notify', ...line.split(' ').filter((word) => word !== '')], {
      UPSTREAM: 'aws',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_API_GATEWAY: url,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      NOTIFY_WEBHOOKS: `${receiver.url}/hook format=cloudevents secret=${SECRET}`,
      STAGE_READS_PER_SECOND: '0',
      ...env,
    });
    return end();
  };
  const told = () => receiver.bodies().map(({ subject }) => subject);
  return { notify, receiver, told };
}

test('notify tells of thresholds that were passed lately, and ends', async () => {
  const { notify, told } = await start();
  expect(await notify()).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('sent notices'),
  });
  expect(told()).toEqual(['soon']);
});

test('notify --since counts earlier thresholds, with the same ids every time', async () => {
  const { notify, receiver, told } = await start();
  await notify('--since 200h');
  await notify('--since 200h');
  expect(told().toSorted()).toEqual(['later', 'later', 'soon', 'soon']);
  expect(new Set(receiver.bodies().map(({ id }) => id)).size).toBe(2);
});

test('with NOTIFY_PATH, notify tells of everything that is due once', async () => {
  const { notify, told } = await start();
  const NOTIFY_PATH = `${await emptyFolder()}/notices.db`;
  await notify('', { NOTIFY_PATH });
  expect(told().toSorted()).toEqual(['later', 'soon']);
  expect(await notify('', { NOTIFY_PATH })).toMatchObject({ code: 0, stdout: '' });
  expect(told()).toHaveLength(2);
});

test('notify --dry-run prints what would go, without secrets, and sends nothing', async () => {
  const { notify, receiver } = await start();
  const key = 'k'.repeat(32);
  const NOTIFY_WEBHOOKS = `${receiver.url}/token format=slack, ${receiver.url} format=pagerduty secret=${key}`;
  const { code, stdout, stderr } = await notify('--dry-run', { NOTIFY_WEBHOOKS });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^slack-1 \{"text":".+ soon in us-east-1 expires in 6 days.+\}\npagerduty-2 \{"event_action":"trigger".+\}\n$/,
  );
  expect(stdout).not.toMatch(/token|kkkk/);
  expect(receiver.received).toEqual([]);
});

test('notify --dry-run changes nothing of what counts as sent, even by a reading of other certificates', async () => {
  const { notify, told } = await start();
  const elsewhere = await emulate({ examples: [] });
  const NOTIFY_PATH = `${await emptyFolder()}/notices.db`;
  await notify('', { NOTIFY_PATH });
  const env = { NOTIFY_PATH, AWS_ENDPOINT_URL_API_GATEWAY: elsewhere.url };
  expect(await notify('--dry-run', env)).toMatchObject({ code: 0, stdout: 'Nothing is due.\n' });
  expect(await notify('', { NOTIFY_PATH })).toMatchObject({ code: 0 });
  expect(told().toSorted()).toEqual(['later', 'soon']);
});

test('notify --dry-run prints which alerts of PagerDuty would be resolved, as often as it is asked', async () => {
  const { notify, receiver } = await start();
  const elsewhere = await emulate({ examples: [] });
  const NOTIFY_PATH = `${await emptyFolder()}/notices.db`;
  const NOTIFY_WEBHOOKS = `${receiver.url} format=pagerduty secret=${'k'.repeat(32)}`;
  await notify('', { NOTIFY_PATH, NOTIFY_WEBHOOKS });
  const env = { NOTIFY_PATH, NOTIFY_WEBHOOKS, AWS_ENDPOINT_URL_API_GATEWAY: elsewhere.url };
  const resolve = /^(pagerduty-1 \{"event_action":"resolve".+\}\n){2}$/;
  for (let i = 0; i < 2; i += 1)
    expect(await notify('--dry-run', env)).toMatchObject({ code: 0, stdout: expect.stringMatching(resolve) });
  expect(receiver.received).toHaveLength(2);
});

test('the emulator has marks of its own, so that the certificates of AWS are not told of again after it', async () => {
  const { notify, told } = await start();
  const NOTIFY_PATH = `${await emptyFolder()}/notices.db`;
  await notify('', { NOTIFY_PATH });
  await notify('', { NOTIFY_PATH, UPSTREAM: 'emulator', EMULATOR_PORT: '0' });
  await notify('', { NOTIFY_PATH });
  const ofAws = told().filter((id) => EXAMPLES.some((example) => example.id === id));
  expect(ofAws.toSorted()).toEqual(['later', 'soon']);
});

test('notify runs beside a service that is running on the same emulator', async () => {
  const { notify, receiver } = await start();
  const env = { UPSTREAM: 'emulator', EMULATOR_PORT: `${await freePort()}` };
  const shared = { ...env, EMULATOR_PATH: `${await emptyFolder()}/emulator.db` };
  const { query } = await serve(shared);
  await query('mutation { generateClientCertificate(input: {}) { __typename } }');
  expect(await notify('--since 1h', { ...shared, NOTIFY_DAYS: '365' })).toMatchObject({ code: 0 });
  expect(receiver.bodies()).toHaveLength(1);
});

test('notify stops beside a service whose emulator is in memory, since it would look at another', async () => {
  const { notify, receiver } = await start();
  const env = { UPSTREAM: 'emulator', EMULATOR_PORT: `${await freePort()}` };
  await serve(env);
  expect(await notify('--since 8000h', env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('EMULATOR_PORT: cannot listen'),
  });
  expect(receiver.bodies()).toEqual([]);
});

test('notify --dry-run says if nothing is due', async () => {
  const { notify } = await start({ examples: [] });
  expect(await notify('--dry-run')).toEqual({ code: 0, stdout: 'Nothing is due.\n', stderr: '' });
});

test('notify reads the stages first, to know what is critical', async () => {
  const { notify, receiver } = await start({
    restApis: restApis(1, () => [{ stageName: 'live', clientCertificateId: 'soon' }]),
  });
  await notify('--since 200h', { STAGE_READS_PER_SECOND: '10' });
  const told = receiver.bodies().map(({ subject, data }) => [subject, data.severity]);
  expect(told.toSorted()).toEqual([
    ['later', 'info'],
    ['soon', 'critical'],
  ]);
});

test('notify tells an event bus by the SDK, as its settings say', async () => {
  const bus = await startReceiver((response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}');
  });
  const { notify } = await start();
  const env = {
    NOTIFY_WEBHOOKS: '',
    NOTIFY_EVENT_BUS: 'certificates',
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
  };
  expect(await notify('', env)).toMatchObject({ code: 0 });
  expect(bus.bodies()).toMatchObject([{ Entries: [{ EventBusName: 'certificates', Source: 'certway' }] }]);
});

test('notify ends with 1 if AWS cannot be read', async () => {
  const { notify, receiver } = await start({ fault: () => denied });
  expect(await notify()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('could not read the certificates'),
  });
  expect(receiver.received).toEqual([]);
});

test('notify tries a receiver again', async () => {
  const { notify, receiver, told } = await start();
  receiver.answer((response, received) => {
    receiver.answer(status(204));
    status(500)(response, received);
  });
  expect(await notify()).toMatchObject({ code: 0 });
  expect(told()).toEqual(['soon', 'soon']);
});

test('notify without anybody to tell is a mistake', async () => {
  const { notify } = await start();
  expect(await notify('', { NOTIFY_WEBHOOKS: '' })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'NOTIFY_WEBHOOKS: expected a receiver, or NOTIFY_EVENT_BUS with UPSTREAM=aws; got none\n',
  });
});
