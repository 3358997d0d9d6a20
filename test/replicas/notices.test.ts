import { expect, test } from 'vitest';
import { startReceiver, status } from '../notifications/receiver.ts';
import { DAY_MS, SECRET } from '../notifications/support.ts';
import { until } from '../support/sharing.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const COUNT = 4;

/** Certificates that have less than 7 days left, and replicas that tell of them. */
async function start() {
  const redis = await startRedis();
  const receiver = await startReceiver();
  const createdDate = new Date(Date.now() + (6 - 365) * DAY_MS);
  const world = await startReplicas({
    redisUrl: redis.url,
    env: {
      NOTIFY_WEBHOOKS: `${receiver.url} format=cloudevents secret=${SECRET}`,
      CACHE_TTL_MS: '0',
      CACHE_STALE_MS: '0',
    },
    clock: { wait: async () => new Promise((resolve) => setTimeout(resolve, 50)) },
    emulator: { examples: Array.from({ length: COUNT }, (_, i) => ({ id: `c${i}`, createdDate })) },
  });
  type Replica = (typeof world.replicas)[number];

  /** Lets wait what is due. */
  const update = async ({ server: { notifications, readAll }, accountRegion }: Replica) =>
    notifications?.update(notifications.dueOf(accountRegion, await readAll(accountRegion)));
  const tell = async (replica: Replica) => {
    await update(replica);
    await replica.server.notifications?.send();
  };
  const idsOf = () => receiver.bodies().map(({ id }) => id);
  return { ...world, redis, receiver, update, tell, idsOf };
}

test('two replicas at once send each notice once', async () => {
  const { replicas, update, idsOf } = await start();
  await Promise.all(replicas.map(update));
  await Promise.all(replicas.map(({ server }) => server.notifications?.send()));
  expect(idsOf()).toHaveLength(COUNT);
  expect(new Set(idsOf()).size).toBe(COUNT);
});

test('a replica that starts later sends nothing again', async () => {
  const { replicas, start: startAnother, tell, idsOf } = await start();
  for (const replica of replicas) await tell(replica);
  await tell(await startAnother());
  expect(idsOf()).toHaveLength(COUNT);
});

test('a replica that gives up leaves its notices to the others, with the same ids', async () => {
  const { replicas, receiver, update, idsOf } = await start();
  const [one, two] = replicas;
  if (!one || !two) throw new Error('there are two');
  await Promise.all(replicas.map(update));
  receiver.answer(status(500));
  void one.server.notifications?.send();
  await until(() =>
    expect(one.log).toContainEqual(expect.objectContaining({ msg: 'could not send notices' })),
  );
  one.server.close();
  const failed = idsOf();
  receiver.answer(status(204));
  await two.server.notifications?.send();
  expect(new Set([...failed, ...idsOf()]).size).toBe(COUNT);
});

test('what a killed replica was sending is sent by another one, once its claim has ended', async () => {
  const { replicas, receiver, redis, update, idsOf } = await start();
  const [one, two] = replicas;
  if (!one || !two) throw new Error('there are two');
  await Promise.all(replicas.map(update));
  receiver.answer(() => undefined);
  void one.server.notifications?.send();
  await until(() => expect(receiver.received).toHaveLength(1));
  one.server.close();
  receiver.answer(status(204));
  const sent = two.server.notifications?.send();
  await until(() => expect(idsOf()).toHaveLength(COUNT)); // one of the first, and all but that
  expect(new Set(idsOf()).size).toBe(COUNT);
  const claims = await until(async () => {
    const keys = (await redis.command('KEYS', '*notifying*')) as string[];
    expect(keys).toHaveLength(1);
    return keys;
  });
  for (const claim of claims) await redis.command('PEXPIRE', claim, '1');
  await sent;
  expect(idsOf()).toHaveLength(COUNT + 1);
  expect(new Set(idsOf()).size).toBe(COUNT);
});

test('while Redis does not answer, each replica sends what it has not sent itself', async () => {
  const { replicas, redis, tell, idsOf } = await start();
  const [one, two] = replicas;
  if (!one || !two) throw new Error('there are two');
  await redis.kill();
  await tell(one);
  await tell(one);
  expect(idsOf()).toHaveLength(COUNT);
  await tell(two);
  expect(idsOf()).toHaveLength(2 * COUNT);
  expect(new Set(idsOf()).size).toBe(COUNT);
});

test('what was sent while Redis went away is marked once it answers again, so that nobody repeats it', async () => {
  const { replicas, receiver, redis, start: startAnother, tell, idsOf } = await start();
  const [one] = replicas;
  if (!one) throw new Error('there is one');
  receiver.answer(async (response) => {
    await redis.kill();
    response.writeHead(204).end();
  });
  await tell(one);
  expect(idsOf()).toHaveLength(COUNT);
  await redis.restart();
  await until(async () => {
    await tell(one);
    expect(await redis.command('KEYS', '*notified*')).toHaveLength(1);
  });
  await tell(await startAnother());
  expect(idsOf()).toHaveLength(COUNT);
});

test('a Redis that was emptied gets the marks back', async () => {
  const { replicas, redis, start: startAnother, tell, idsOf } = await start();
  for (const replica of replicas) await tell(replica);
  await redis.command('FLUSHALL');
  for (const replica of replicas) await tell(replica);
  await tell(await startAnother());
  expect(idsOf()).toHaveLength(COUNT);
});

test('Redis keeps no secret, address or name', async () => {
  const { replicas, redis, tell } = await start();
  for (const replica of replicas) await tell(replica);
  const [key = ''] = (await redis.command('KEYS', '*notified*')) as string[];
  expect(key).toMatch(/^\{certway:1:us-east-1\}:notified:[\w-]{22}$/);
  const kept = (await redis.command('HGETALL', key)) as string[];
  expect(kept).toEqual(Array(2 * COUNT).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
});
