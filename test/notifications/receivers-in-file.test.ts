import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { turns, until } from '../support/sharing.ts';
import { startReceiver, status } from './receiver.ts';
import { SECRET, startFollowing, unhandledRejections } from './support.ts';

/** A receiver, and its entry in the file. */
async function receiverOf(first?: Parameters<typeof startReceiver>[0]) {
  const receiver = await startReceiver(first);
  const got = async (count: number) => until(() => expect(receiver.received).toHaveLength(count));
  return { ...receiver, got, entry: `${receiver.url} format=cloudevents secret=${SECRET}` };
}

async function start(...entries: string[]) {
  const file = join(await emptyFolder(), 'webhooks');
  const write = async (lines: string[]) => writeFile(file, lines.join('\n'));
  await write(entries);
  const { check, ...telling } = await startFollowing(file);
  const change = async (...lines: string[]) => {
    await write(lines);
    check();
  };
  return { ...telling, change };
}

test('a receiver that is added is told what is due, and nothing is repeated to the others', async () => {
  const [first, second] = [await receiverOf(), await receiverOf()];
  const { tell, next, change } = await start(first.entry);
  await tell();
  await first.got(1);
  await change(second.entry, first.entry);
  await second.got(1);
  await next();
  await next();
  expect([first, second].map(({ received }) => received.length)).toEqual([1, 1]);
  expect(second.bodies()).toEqual(first.bodies());
});

test('one that is taken out gets nothing more, and what waits for another waits on', async () => {
  const [gone, stays] = [await receiverOf(status(500)), await receiverOf(status(500))];
  const { tell, next, retry, change, samples } = await start(gone.entry, stays.entry);
  const waiting = async () => samples('certway_notices_waiting{');
  await tell();
  await Promise.all([gone.got(1), stays.got(1)]);
  expect(await waiting()).toEqual([
    'certway_notices_waiting{sink="cloudevents-1"} 1',
    'certway_notices_waiting{sink="cloudevents-2"} 1',
  ]);
  await change(stays.entry);
  expect(await waiting()).toEqual(['certway_notices_waiting{sink="cloudevents-2"} 1']);
  stays.answer(status(204));
  await retry(1000);
  await stays.got(2);
  await next();
  expect([gone, stays].map(({ received }) => received.length)).toEqual([1, 2]);
});

test('one that comes back is not told again what it knows, under a name that is free', async () => {
  const [first, second, third] = [await receiverOf(), await receiverOf(), await receiverOf()];
  const { tell, next, change, samples } = await start(first.entry, second.entry);
  await tell();
  await Promise.all([first.got(1), second.got(1)]);
  await change(second.entry, third.entry);
  await third.got(1);
  await change(second.entry, third.entry, first.entry);
  await next();
  expect([first, second, third].map(({ received }) => received.length)).toEqual([1, 1, 1]);
  expect(await samples('certway_notices_waiting{')).toEqual(
    ['cloudevents-2', 'cloudevents-3', 'cloudevents-4'].map(
      (sink) => `certway_notices_waiting{sink="${sink}"} 0`,
    ),
  );
});

test('a message that is on its way when its receiver is taken out is marked as sent', async () => {
  const arrived = Promise.withResolvers<() => void>();
  const first = await receiverOf((response) => arrived.resolve(() => response.writeHead(204).end()));
  const second = await receiverOf();
  const { tell, next, change } = await start(first.entry, second.entry);
  await tell();
  const take = await arrived.promise;
  await change(second.entry);
  take();
  await next();
  await change(second.entry, first.entry);
  await next();
  expect(first.received).toHaveLength(1);
});

test('one that comes back while its last message is on its way waits for the end of that, and is told the rest', async () => {
  const arrived = Promise.withResolvers<(code: number) => void>();
  const first = await receiverOf((response) => arrived.resolve((code) => response.writeHead(code).end()));
  const second = await receiverOf();
  const { tell, next, change } = await start(first.entry, second.entry);
  await tell();
  const answer = await arrived.promise;
  await change(second.entry);
  await change(second.entry, first.entry);
  await next();
  expect(first.received).toHaveLength(1);
  first.answer(status(204));
  answer(500);
  await first.got(2);
  await next();
  expect(first.received).toHaveLength(2);
});

test('one that is added after a stop is told nothing', async () => {
  const [first, late] = [await receiverOf(), await receiverOf()];
  const folder = await emptyFolder();
  const file = join(folder, 'webhooks');
  await writeFile(file, first.entry);
  const { tell, stop, check } = await startFollowing(file, { NOTIFY_PATH: join(folder, 'notices.db') });
  const rejections = unhandledRejections();
  await tell();
  await first.got(1);
  await stop();
  await writeFile(file, `${first.entry}\n${late.entry}`);
  check();
  await turns();
  expect(rejections).toEqual([]);
  expect(late.received).toEqual([]);
});
