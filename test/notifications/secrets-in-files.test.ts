import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { until } from '../support/sharing.ts';
import { type Received, startReceiver, status } from './receiver.ts';
import { SECRET, startFollowing } from './support.ts';

const OTHER = `whsec_${Buffer.from('another secret of 24 let').toString('base64')}`;

const isSignedWith = ({ headers, body }: Received, secret: string): boolean => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  return new Webhook(secret).sign(`${id}`, new Date(Number(timestamp) * 1000), body) === signature;
};

test('a new secret in the file signs the next message, without a restart; a broken file changes nothing', async () => {
  const receiver = await startReceiver(status(500));
  const file = join(await emptyFolder(), 'webhooks');
  const write = (text: string) => writeFile(file, text);
  await write(`${receiver.url} format=cloudevents secret=${SECRET}\n`);
  const { tell, retry, log, check } = await startFollowing(file);
  const refused = () =>
    log
      .filter(({ msg }) => msg === 'NOTIFY_WEBHOOKS_FILE: the new file is refused, the old stays')
      .map(({ reason }) => reason);
  await tell();
  await until(() => expect(receiver.received).toHaveLength(1));
  await write(`${receiver.url} format=cloudevents secret=whsec_short`);
  check();
  check();
  expect(refused()).toEqual([
    `${file}: entry 1: expected secret=whsec_ and the base64 of 24 to 64 bytes, got something else`,
  ]);
  await retry(1000);
  await until(() => expect(receiver.received).toHaveLength(2));
  await write(`${receiver.url} format=cloudevents secret=${OTHER}`);
  check();
  await retry(2000);
  await until(() => expect(receiver.received).toHaveLength(3));
  expect(receiver.received.map((one) => isSignedWith(one, SECRET))).toEqual([true, true, false]);
  expect(receiver.received.map((one) => isSignedWith(one, OTHER))).toEqual([false, false, true]);
});
