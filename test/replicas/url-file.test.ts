import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { until } from '../support/sharing.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const COUNT = '{ clientCertificates { totalCount } }';

test('another Redis in the file is used from then on, and one that does not answer leaves the old', async () => {
  const [first, second] = await Promise.all([startRedis(), startRedis()]);
  const file = join(await emptyFolder(), 'redis-url');
  await writeFile(file, first.url);
  const checks: (() => void)[] = [];
  const { replicas } = await startReplicas({
    count: 1,
    redisUrl: '',
    env: { REDIS_URL_FILE: file },
    clock: { every: (_, run) => void checks.push(run) },
  });
  const [replica] = replicas;
  if (!replica) throw new Error('there is no replica');
  const check = () => {
    for (const run of checks) run();
  };
  const keys = async (redis: typeof first) => Number(await redis.command('DBSIZE'));
  await replica.query(COUNT);
  expect(await keys(first)).toBeGreaterThan(0);

  await writeFile(file, 'http://nonsense');
  check();
  await writeFile(file, `unix://${file}.sock`);
  check();
  await until(() => expect(replica.log.at(-1)?.['msg']).toContain('does not answer'));
  await first.command('FLUSHALL');
  await replica.query(COUNT);
  await until(async () => expect(await keys(first)).toBeGreaterThan(0));

  await writeFile(file, `${second.url}\n`);
  check();
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
