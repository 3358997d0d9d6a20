import { expect, test } from 'vitest';
import { startReceiver } from '../notifications/receiver.ts';
import { DAY_MS, SECRET } from '../notifications/support.ts';
import { until } from '../support/sharing.ts';
import { startProxy } from './proxy.ts';
import { BROKEN, READ_ONLY, SILENT } from './redis-faults.ts';
import { startRedis } from './redis-server.ts';
import { startReplicas } from './replicas.ts';

const COUNT = 4;

test.for([...BROKEN, ...READ_ONLY, ...SILENT])(
  'what is told while Redis %s is told once by a replica, and marked later, so that no other repeats it',
  async ([, brk, mend]) => {
    const redis = await startRedis();
    const proxy = await startProxy(redis.path);
    const receiver = await startReceiver();
    const createdDate = new Date(Date.now() + (6 - 365) * DAY_MS);
    const { replicas, start } = await startReplicas({
      count: 1,
      redisUrl: proxy.url,
      env: {
        NOTIFY_WEBHOOKS: `${receiver.url} format=cloudevents secret=${SECRET}`,
        CACHE_TTL_MS: '0',
        CACHE_STALE_MS: '0',
      },
      emulator: { examples: Array.from({ length: COUNT }, (_, i) => ({ id: `c${i}`, createdDate })) },
    });
    const tell = async ({ server, accountRegion }: (typeof replicas)[number]) => {
      const { notifications, readAll } = server;
      await notifications?.update(notifications.dueOf(accountRegion, await readAll(accountRegion)));
      await notifications?.send();
    };
    const ids = () => receiver.bodies().map(({ id }) => id);
    const [one] = replicas;
    if (!one) throw new Error('there is one');
    await brk({ redis, proxy });
    await tell(one);
    await tell(one);
    expect(new Set(ids()).size).toBe(COUNT);
    expect(ids()).toHaveLength(COUNT);
    await mend({ redis, proxy });
    await until(async () => {
      await tell(one);
      const [key = ''] = (await redis.command('KEYS', '*notified*')) as string[];
      expect(await redis.command('HLEN', key)).toBe(COUNT + 1); // and the era
    });
    await tell(await start());
    expect(ids()).toHaveLength(COUNT);
  },
);
