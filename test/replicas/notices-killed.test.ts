import { expect, test, vi } from 'vitest';
import { BATCH, expectSecondTwice, MANY, silentAt, startDue } from '../notifications/due.ts';
import { startRedis } from './redis-server.ts';

vi.setConfig({ testTimeout: 240_000 });

test('killed in the middle of many, it leaves those whose message had no answer to another replica, and no others', async () => {
  const redis = await startRedis();
  const { told, serve, notify, untilToldOf } = await startDue(MANY, silentAt(2), { REDIS_URL: redis.url });
  const one = await serve();
  await untilToldOf(2 * BATCH);
  const two = await serve();
  await one.kill();
  await untilToldOf(MANY + BATCH);
  expectSecondTwice(told());
  await two.stop();
  expect(await notify()).toMatchObject({ code: 0, stdout: '' });
  expect(told().flat()).toHaveLength(MANY + BATCH);
});
