import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { UPDATE, until, update } from '../support/sharing.ts';
import { described } from './frozen.ts';
import { startProxy } from './proxy.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';
import { storedAnswers } from './stored-answers.ts';

const never = new Promise(() => undefined);

const COUNT = '{ clientCertificates { totalCount } }';

/** A replica whose Redis is named by a file. `use` writes another one into it. */
async function startFollowing(url: string) {
  const file = join(await emptyFolder(), 'redis-url');
  await writeFile(file, url);
  const checks: (() => void)[] = [];
  const { replicas, start, calls } = await startReplicas({
    count: 1,
    redisUrl: '',
    env: { REDIS_URL_FILE: file },
    clock: { every: (_, run) => void checks.push(run) },
  });
  const [replica = expect.fail()] = replicas;
  return {
    replica,
    start,
    calls,
    file,
    use: async (next: string) => {
      await writeFile(file, next);
      for (const check of checks) check();
    },
  };
}

test('another Redis in the file is used from then on, and one that does not answer leaves the old', async () => {
  const [first, second] = await Promise.all([startRedis(), startRedis()]);
  const { replica, file, use } = await startFollowing(first.url);
  const keys = async (redis: typeof first) => Number(await redis.command('DBSIZE'));
  await replica.query(COUNT);
  expect(await keys(first)).toBeGreaterThan(0);

  await use('http://nonsense');
  await use(`unix://${file}.sock`);
  await until(() => expect(replica.log.at(-1)?.['msg']).toContain('does not answer'));
  await first.command('FLUSHALL');
  await replica.query(COUNT);
  await until(async () => expect(await keys(first)).toBeGreaterThan(0));

  await use(`${second.url}\n`);
  await until(async () => expect(await keys(second)).toBeGreaterThan(0));
  expect(replica.log.map(({ msg }) => msg)).toEqual([
    'Redis answers: the replicas share their reads',
    'REDIS_URL_FILE: the new file is refused, the old stays',
    'REDIS_URL_FILE: the new file is used',
    'Redis does not answer at the new address: the old one stays',
    'REDIS_URL_FILE: the new file is used',
  ]);
  expect(await replica.query(COUNT)).toMatchObject({ data: {} });
});

/** Two replicas: one that is to use the second Redis by its file, and one that uses it already, and has read there. */
async function startMoving(url: string, second: Awaited<ReturnType<typeof startRedis>>) {
  const { replica, start, ...others } = await startFollowing(url);
  const other = await start({ env: { REDIS_URL_FILE: '', REDIS_URL: second.url } });
  expect(await described(other)).toBeNull();
  await storedAnswers(second);
  return { ...others, replica, other };
}

test('after another Redis is in the file, no answer is given that others have read before a change and stored there', async () => {
  const [first, second] = [await startRedis(), await startRedis()];
  const { replica, other, use } = await startMoving(first.url, second);
  await replica.query(update('c001', 'changed'));
  await use(second.url);
  await until(async () =>
    expect(String(await first.command('CLIENT', 'LIST')).match(/ id=|^id=/gm)).toHaveLength(1),
  );
  expect([await described(replica), await described(other)]).toEqual(['changed', 'changed']);
});

test('a change that the old Redis does not answer is told to the new one', async () => {
  const [first, second] = [await startRedis(), await startRedis()];
  const proxy = await startProxy(first.path);
  const { replica, other, use, calls } = await startMoving(proxy.url, second);
  proxy.be({
    get held() {
      return calls.includes(UPDATE) ? never : undefined;
    },
  });
  const writing = replica.query(update('c001', 'changed'));
  await until(() => expect(proxy.asked()).toContain('client-certificates us-east-1'));
  await use(second.url);
  await writing;
  await until(async () => expect(await described(other)).toBe('changed'));
});
