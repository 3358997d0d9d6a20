import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { startReceiver, status } from '../notifications/receiver.ts';
import { DAY_MS, SECRET } from '../notifications/support.ts';
import { until } from '../support/sharing.ts';
import { crawlUntilTheEnd } from '../support/stages.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const COUNT = 4;

/** Certificates that have less than 7 days left, and one that was just made; and replicas that tell a receiver of them. */
async function start({ count = COUNT, form = `format=cloudevents secret=${SECRET}`, env = {} } = {}) {
  const redis = await startRedis();
  const receiver = await startReceiver();
  const createdDate = new Date(Date.now() + (6 - 365) * DAY_MS);
  const world = await startReplicas({
    redisUrl: redis.url,
    env: {
      NOTIFY_WEBHOOKS: `${receiver.url} ${form}`,
      CACHE_TTL_MS: '0',
      CACHE_STALE_MS: '0',
      ...env,
    },
    clock: { wait: async () => new Promise((resolve) => setTimeout(resolve, 50)) },
    emulator: {
      examples: [
        ...Array.from({ length: count }, (_, i) => ({ id: `c${i}`, createdDate })),
        { id: 'fresh', createdDate: new Date() },
      ],
    },
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

test('a mark that Redis has lost alone counts as removed: the notice is sent again by one replica, with the same id', async () => {
  const { replicas, redis, tell, idsOf } = await start();
  for (const replica of replicas) await tell(replica);
  const [key = ''] = (await redis.command('KEYS', '*notified*')) as string[];
  const [lost = ''] = idsOf();
  await redis.command('HDEL', key, lost);
  for (const replica of replicas) await tell(replica);
  expect(idsOf().slice(COUNT)).toEqual([lost]);
});

test.for(['the same', 'another'])(
  'an alert that a replica has resolved is triggered again by %s one, once the replacement is taken back',
  async (by) => {
    const { replicas, receiver, client, tell } = await start({
      count: 1,
      form: `format=pagerduty secret=${'k'.repeat(32)}`,
      env: { STAGE_READS_PER_SECOND: '10' },
    });
    const [one, two] = replicas;
    if (!one || !two) throw new Error('there are two');
    for (const { server } of replicas) crawlUntilTheEnd(server);
    const told = () => receiver.bodies().map(({ event_action }) => event_action);
    for (const replica of replicas) await tell(replica);
    expect(told()).toEqual(['trigger']);
    const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/fresh';
    await client.send(new TagResourceCommand({ resourceArn, tags: { 'certway:replaces': 'c0' } }));
    await until(async () => {
      await tell(one);
      expect(told()).toEqual(['trigger', 'resolve']);
    });
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['certway:replaces'] }));
    for (const replica of by === 'another' ? [two, one] : [one, two]) await tell(replica);
    expect(told()).toEqual(['trigger', 'resolve', 'trigger']);
    expect(new Set(receiver.bodies().map(({ dedup_key }) => dedup_key)).size).toBe(1);
  },
);

test('Redis keeps no secret, address or name', async () => {
  const { replicas, redis, tell } = await start();
  for (const replica of replicas) await tell(replica);
  const [key = ''] = (await redis.command('KEYS', '*notified*')) as string[];
  expect(key).toMatch(/^\{certway:1:us-east-1\}:notified:[\w-]{22}$/);
  const kept = (await redis.command('HGETALL', key)) as string[];
  expect(kept.slice(0, 2)).toEqual(['era', expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect(kept.slice(2)).toEqual(Array(2 * COUNT).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
});
