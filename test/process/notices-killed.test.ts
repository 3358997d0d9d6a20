import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { type Answer, startReceiver, status } from '../notifications/receiver.ts';
import { DAY_MS, SECRET } from '../notifications/support.ts';
import { emptyFolder, serveOn } from '../support/process.ts';
import { until } from '../support/sharing.ts';

/** Takes the message, and never says so. */
const silent: Answer = () => undefined;

/** What another process has begun to send is left to it for a minute, and another ten seconds are for what else is due. */
const PATIENCE = { timeout: 120_000 };

vi.setConfig({ testTimeout: 180_000 });

/** A receiver, and a service that has one certificate to tell of whenever it is started. */
async function start(env: Record<string, string>) {
  const examples = [{ id: 'soon', createdDate: new Date(Date.now() - 359 * DAY_MS - 60_000) }];
  const { url: endpoint } = await emulate({ examples });
  const receiver = await startReceiver(silent);
  const begin = async () => {
    const { url, child } = await serveOn(endpoint, {
      NOTIFY_WEBHOOKS: `${receiver.url} format=cloudevents secret=${SECRET}`,
      ...env,
    });
    return {
      metric: async (name: string) => {
        const text = await (await fetch(new URL('metrics', url))).text();
        return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
      },
      kill: async () => {
        child.kill('SIGKILL');
        await once(child, 'close');
      },
    };
  };
  const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);
  return { receiver, begin, ids };
}

test('killed after a message was sent and before it was marked, it sends the same message again, and then no more', async () => {
  const NOTIFY_PATH = `${await emptyFolder()}/notices.db`;
  const { receiver, begin, ids } = await start({ NOTIFY_PATH });
  const first = await begin();
  await vi.waitFor(() => expect(ids()).toHaveLength(1), PATIENCE);
  await first.kill();
  receiver.answer(status(204));
  const second = await begin();
  await vi.waitFor(async () => expect(await second.metric('certway_notices_sent_total')).toBe(1), PATIENCE);
  expect(new Set(ids()).size).toBe(1);
  expect(ids()).toHaveLength(2);
  const [before, after] = receiver.bodies();
  expect(after).toEqual(before);
  await second.kill();
  const third = await begin();
  await until(async () =>
    expect(await third.metric('certway_client_certificates_last_read_timestamp_seconds')).toBeGreaterThan(0),
  );
  expect(await third.metric('certway_notices_waiting')).toBe(0);
  expect(ids()).toHaveLength(2);
});

test('without a place for marks, each start sends the same message once', async () => {
  const { receiver, begin, ids } = await start({});
  for (const times of [1, 2, 3]) {
    receiver.answer(times === 1 ? silent : status(204));
    const { kill } = await begin();
    await vi.waitFor(() => expect(ids()).toHaveLength(times), PATIENCE);
    await kill();
  }
  expect(new Set(ids()).size).toBe(1);
});
