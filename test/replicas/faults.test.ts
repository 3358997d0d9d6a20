import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { createServiceClock, turns } from '../support/clock.ts';
import { lookup, until, update } from '../support/sharing.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

/** Two replicas whose clocks stand still until `pass` moves them, with their own link to Redis. */
async function startWorld(env: Record<string, string> = {}) {
  const redis = await startRedis();
  const proxy = await startProxy(redis.path);
  const { start, ...others } = await startReplicas({
    redisUrl: proxy.url,
    count: 0,
    env: { CACHE_TTL_MS: '1000', EXPOSE_COST: 'true', ...env },
  });
  async function startOne() {
    const { pass, elapsedMs, later } = createServiceClock();
    const replica = await start({ clock: { elapsedMs, later } });
    const isUp = async () => /^certway_shared_cache_up 1$/m.test(await replica.metrics.text());
    return { ...replica, pass, isUp };
  }
  const [a, b] = [await startOne(), await startOne()];
  return {
    ...others,
    redis,
    proxy,
    a,
    b,
    pass: async (ms: number) => {
      for (const one of [a, b]) await one.pass(ms);
    },
    /** Lets the replicas connect that are not, as often as that takes. */
    back: async () =>
      until(async () => {
        for (const one of [a, b]) if (!(await one.isUp())) await one.pass(2000);
        expect([await a.isUp(), await b.isUp()]).toEqual([true, true]);
      }),
    told: () => [a, b].map(({ log }) => log.filter(({ msg }) => String(msg).startsWith('Redis'))),
  };
}

const KEY = 'k'.repeat(40);

const described = async ({ query }: Pick<World['a'], 'query'>, id = 'c001') =>
  (await query(lookup(id))).data.clientCertificate.description;

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

test('a link that is slow costs a request 50 ms in all', async () => {
  const { proxy, a } = await startWorld({
    RATE_LIMIT_PER_MINUTE: '100',
    AUTH: 'api-key',
    API_KEYS: apiKeyEntry('portal', KEY),
  });
  const first = Promise.withResolvers<void>();
  proxy.be({ held: first.promise });
  const asking = a.post({ query: lookup('c001') }, { authorization: `Bearer ${KEY}` });
  await until(() => expect(proxy.asked()).toMatch(/:limit:[\s\S]+GET/)); // both at once
  await a.pass(40);
  proxy.be({ held: new Promise(() => undefined) });
  first.resolve();
  await until(() => expect(proxy.asked()).toContain('answer:'));
  expect(await a.isUp()).toBe(true);
  await a.pass(10);
  const { data } = await (await asking).json();
  expect(data.clientCertificate).toMatchObject({ clientCertificateId: 'c001' });
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

test('what is stored but cannot be read is read from AWS again, and replaced', async () => {
  const { redis, a, b, calls } = await startWorld();
  await described(a);
  const keys = async () => (await redis.command('KEYS', '*answer*')) as string[];
  await until(async () => expect(await keys()).toHaveLength(1));
  const [key = ''] = await keys();
  for (const text of ['{', '{"items":5}', 'null', '[]'])
    await redis.command('HSET', key, 'text', text, 'hash', text);
  calls.length = 0;
  expect(await described(b)).toBeNull();
  expect(calls).toHaveLength(1);
  await until(async () => expect(await redis.command('HGET', key, 'text')).toContain('c001'));
});
