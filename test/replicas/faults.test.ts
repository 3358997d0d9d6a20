import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { createServiceClock, turns } from '../support/clock.ts';
import { lookup, until, update } from '../support/sharing.ts';
import { described, startWorld, type World } from './frozen.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const KEY = 'k'.repeat(40);

/** What breaks Redis so that both replicas notice with their next question, and what mends it. */
const FAULTS: [
  what: string,
  brk: (world: World) => Promise<unknown>,
  mend: (world: World) => Promise<unknown>,
][] = [
  ['is killed', async ({ redis }) => redis.kill(), async ({ redis }) => redis.restart()],
  [
    'is killed and back without its memory at once',
    async ({ redis }) => redis.restart(),
    async () => undefined,
  ],
  [
    'has another password',
    async ({ redis }) => redis.requirePassword('secret'),
    async ({ redis }) => redis.requirePassword(''),
  ],
  [
    'answers with what is no RESP',
    async ({ proxy }) => proxy.be({ rubbish: 'HTTP/1.1 400 Bad Request\r\n\r\n' }),
    async ({ proxy }) => proxy.be({}),
  ],
  [
    'answers with something else',
    async ({ proxy }) => proxy.be({ rubbish: '$5\r\nhello\r\n' }),
    async ({ proxy }) => proxy.be({}),
  ],
  [
    'answers with a number',
    async ({ proxy }) => proxy.be({ rubbish: ':42\r\n' }),
    async ({ proxy }) => proxy.be({}),
  ],
  [
    'answers with errors',
    async ({ proxy }) => proxy.be({ rubbish: '-LOADING Redis is loading the dataset in memory\r\n' }),
    async ({ proxy }) => proxy.be({}),
  ],
];

test.for(FAULTS)(
  'while Redis %s, each replica works as without it, and then they share again',
  async ([, brk, mend]) => {
    const world = await startWorld();
    const { a, b, pass, back, told, calls } = world;
    await a.query(update('c001', 'before'));
    expect([await described(a), await described(b)]).toEqual(['before', 'before']);

    await brk(world);
    await pass(1000);
    calls.length = 0;
    expect([await described(a), await described(b)]).toEqual(['before', 'before']);
    expect(calls).toHaveLength(2); // each for itself
    await a.query(update('c001', 'meanwhile'));
    expect(await described(a)).toBe('meanwhile');
    await pass(1000);
    expect(await described(b)).toBe('meanwhile');

    await mend(world);
    await back();
    await a.query(update('c001', 'after'));
    expect([await described(b), await described(a)]).toEqual(['after', 'after']);
    await b.query(update('c001', 'later'));
    expect([await described(a), await described(b)]).toEqual(['later', 'later']);
    for (const lines of told()) expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
  },
);

test.for<[what: string, settings: [string, string]]>([
  ['accepts no writes', ['min-replicas-to-write', '1']],
  ['is full', ['maxmemory', '1']],
])('while Redis %s, it is not used', async ([, [name, value]]) => {
  const world = await startWorld();
  const { redis, a, b, pass, back, calls } = world;
  await redis.command('CONFIG', 'SET', name, value);
  await pass(1000);
  for (const one of [a, b]) expect(await described(one)).toBeNull();
  await a.query(update('c001', 'told later'));
  expect([await a.isUp(), await b.isUp()]).toEqual([false, false]);
  expect(calls.length).toBeGreaterThanOrEqual(3);
  await redis.command('CONFIG', 'SET', name, '0');
  await back();
  expect([await described(a), await described(b)]).toEqual(['told later', 'told later']);
});

test('a Redis that hangs costs one request 50 ms, and the next ones nothing', async () => {
  const { redis, a, b, told, back } = await startWorld();
  await described(a);
  await until(async () => expect(await redis.command('KEYS', '*answer*')).toHaveLength(1));
  redis.signal('SIGSTOP');
  let isAnswered = false;
  const asking = described(a).finally(() => {
    isAnswered = true;
  });
  await turns();
  await a.pass(49);
  expect(isAnswered).toBe(false);
  await a.pass(1);
  await asking;
  expect(await described(a)).toBeNull(); // although no time passes
  expect(await a.query(update('c001', 'alone'))).toMatchObject({ data: {} });
  expect(await described(a)).toBe('alone');
  expect(await a.isUp()).toBe(false);
  await a.pass(2000); // it tries to connect, and does not wait for that
  expect(await described(a)).toBe('alone');
  const other = described(b);
  await turns();
  await b.pass(50);
  await other;

  redis.signal('SIGCONT');
  await back();
  expect(await described(b)).toBe('alone');
  for (const lines of told()) expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
});

test('a link that is too slow is not used', async () => {
  const { proxy, a } = await startWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  proxy.be({ held: promise });
  const asking = described(a);
  await turns();
  await a.pass(50);
  expect(await asking).toBeNull();
  expect(await a.isUp()).toBe(false);
  resolve();
});

test('on a link that is usually slow, a request waits for 50 ms in all', async () => {
  const { proxy, a } = await startWorld({
    RATE_LIMIT_PER_MINUTE: '100',
    AUTH: 'api-key',
    API_KEYS: apiKeyEntry('portal', KEY),
  });
  const ask = async (id: string) => a.post({ query: lookup(id) }, { authorization: `Bearer ${KEY}` });
  const limits = () => proxy.asked().split(':limit:').length;
  async function askSlowly() {
    const before = limits();
    const { promise: held, resolve } = Promise.withResolvers<void>();
    proxy.be({ held });
    const asking = ask('c001');
    await until(() => expect(limits()).toBeGreaterThan(before));
    await turns(); // both commands are sent at once
    await a.pass(40);
    proxy.be({ held: new Promise(() => undefined) });
    resolve();
    return asking;
  }
  await ask('c001');
  await until(async () => expect(await a.metrics.text()).toContain('call="put",outcome="ok"'));
  for (let i = 0; i < 8; i += 1) expect((await askSlowly()).status).toBe(200);
  await a.pass(1000);
  const takes = () => proxy.asked().split('answer:').length;
  const before = takes();
  const asking = askSlowly();
  await until(() => expect(takes()).toBeGreaterThan(before));
  expect(await a.isUp()).toBe(true);
  await a.pass(10);
  const { data } = await (await asking).json();
  expect(data.clientCertificate).toMatchObject({ clientCertificateId: 'c001' });
  await a.pass(50); // it is not only late
  expect(await a.isUp()).toBe(false);
});

test('a service starts and answers without its Redis, and uses it once it is there', async () => {
  const redis = await startRedis();
  await redis.kill();
  const { elapsedMs, later, pass } = createServiceClock();
  const { replicas, calls } = await startReplicas({ redisUrl: redis.url, clock: { elapsedMs, later } });
  for (const one of replicas) expect(await described(one)).toBeNull();
  expect(calls).toHaveLength(2);
  await redis.restart();
  await until(async () => {
    await pass(2000);
    for (const { log } of replicas) expect(log.map(({ level }) => level)).toEqual(['warn', 'info']);
  });
  const [a, b] = replicas;
  await a?.query(update('c001', 'together'));
  expect(b && (await described(b))).toBe('together');
});
