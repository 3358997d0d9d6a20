import { expect, test } from 'vitest';
import { createRedisMarks } from '../../src/notifications/redis-marks.ts';
import { createKeys } from '../../src/replicas/keys.ts';
import { connectTo } from '../../src/replicas/redis-client.ts';
import { createServiceClock } from '../support/clock.ts';
import { freePort } from '../support/free-port.ts';
import { lookup, until, update } from '../support/sharing.ts';
import { connectRedis } from './connections.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

/** A cluster of one server, which has all keys. It has no HELLO, as Redis 5. */
async function startCluster() {
  const port = await freePort();
  const redis = await startRedis(
    '--port',
    `${port}`,
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    `${await freePort()}`,
    '--rename-command',
    'HELLO',
    '',
  );
  await redis.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await until(async () => expect(await redis.command('CLUSTER', 'INFO')).toContain('cluster_state:ok'));
  return { ...redis, url: `redis://127.0.0.1:${port}` };
}

const connectCluster = async (url: string, clock: Parameters<typeof connectRedis>[1]['clock']) =>
  connectRedis(url, {
    clock,
    connect: async (onError) => connectTo({ url, isCluster: true }, onError),
  });

test('in a cluster, all commands stay within one slot, and replicas share as well', async () => {
  const { url } = await startCluster();
  const { replicas, calls } = await startReplicas({
    redisUrl: url,
    count: 2,
    env: { REDIS_CLUSTER: 'true', AWS_REGIONS: 'us-east-1,eu-west-1' },
  });
  const [a, b] = replicas;
  const id = 'arn:aws:apigateway:us-east-1::/clientcertificates/c001';
  await a?.query(lookup(id));
  const before = calls.length;
  await b?.query(lookup(id));
  expect(calls).toHaveLength(before);
  await a?.query(update(id, 'changed'));
  expect((await b?.query(lookup(id)))?.data.clientCertificate.description).toBe('changed');
  for (const { log } of replicas) expect(log.filter(({ level }) => level === 'warn')).toEqual([]);
});

test('in a cluster, replicas know which notices were sent by others', async () => {
  const { url } = await startCluster();
  const marksOf = async (name: string) => {
    const redis = await connectCluster(url, createServiceClock());
    return createRedisMarks({ redis, keys: createKeys('certway'), name }).in('sink', 'us-east-1');
  };
  const [a, b] = [await marksOf('a'), await marksOf('b')];
  await a.add([{ id: 'notice', about: 'c001' }]);
  expect(await b.sent()).toEqual(new Map([['notice', 'c001']]));
});

test('why a cluster is not used is told as for a single server', async () => {
  const { url, requirePassword } = await startCluster();
  await requirePassword('right');
  const { whyDown } = await connectCluster(url.replace('://', '://:wrong@'), createServiceClock());
  expect(whyDown()).toContain('WRONGPASS');
  const { whyDown: whyAbsent } = await connectCluster(
    `redis://127.0.0.1:${await freePort()}`,
    createServiceClock(),
  );
  expect(whyAbsent()).toContain('ECONNREFUSED');
});

test('attempts to connect to a cluster that hangs leave no connections behind', async () => {
  const { url, signal, command } = await startCluster();
  const { pass, timers, ...clock } = createServiceClock();
  const { isUp, ask } = await connectCluster(url, clock);
  signal('SIGSTOP');
  const asking = ask({ name: 'get', key: 'k', args: ['GET', 'k'], isUrgent: true }, String);
  await pass(45);
  await asking;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await pass(1000); // it begins to connect
    await pass(3000); // and gives up
  }
  signal('SIGCONT');
  await until(async () => {
    await pass(1000);
    expect(isUp()).toBe(true);
  });
  const others = async () => String(await command('CLIENT', 'LIST')).match(/ cmd=(?!client)/g);
  await until(async () => expect(await others()).toHaveLength(1));
});

test('a cluster that hangs while the client asks where a key is now leaves no connection behind', async () => {
  const { path, command } = await startCluster();
  const proxy = await startProxy(path);
  const { host, port } = new URL(proxy.url);
  await command('CONFIG', 'SET', 'cluster-announce-port', port);
  const { pass, timers, ...clock } = createServiceClock();
  const { isUp, ask } = await connectCluster(proxy.url, clock);
  expect(proxy.connections()).toBe(1);
  const { promise: held, resolve } = Promise.withResolvers<void>();
  proxy.be({
    get rubbish() {
      proxy.be({ held });
      return `-MOVED 12539 ${host}\r\n`;
    },
  });
  const timesAsked = () => proxy.asked().split('SLOTS').length;
  const before = timesAsked();
  const asking = ask({ name: 'get', key: 'k', args: ['GET', 'k'], isUrgent: true }, String);
  await until(() => expect(timesAsked()).toBeGreaterThan(before));
  await pass(45);
  expect(await asking).toBeUndefined();
  resolve();
  await until(async () => {
    await pass(1000);
    expect(isUp()).toBe(true);
  });
  await until(() => expect(proxy.connections()).toBe(1));
});

test('attempts to connect to a cluster of which one server refuses leave no connections to the others behind', async () => {
  const { path } = await startCluster();
  const proxy = await startProxy(path);
  const { hostname, port } = new URL(proxy.url);
  const serverAt = (port: string | number, id: string) =>
    `*3\r\n$${hostname.length}\r\n${hostname}\r\n:${port}\r\n$1\r\n${id}\r\n`;
  const shards = `*3\r\n:0\r\n:1\r\n${serverAt(await freePort(), 'a')}*3\r\n:2\r\n:16383\r\n${serverAt(port, 'b')}`;
  proxy.be({ rubbish: `*2\r\n${shards}` });
  const { ready, destroy } = await connectTo({ url: proxy.url, isCluster: true }, () => undefined);
  await expect(ready).rejects.toThrow('ECONNREFUSED');
  destroy();
  proxy.be({});
  const later = await connectTo({ url: proxy.url, isCluster: false }, () => undefined);
  await later.ready;
  await later.send({ name: 'get', key: 'k', args: ['GET', 'k'] }); // all connections from before are counted then
  later.destroy();
  await until(() => expect(proxy.connections()).toBe(0));
});
