import { expect, test } from 'vitest';
import { until } from '../support/sharing.ts';
import { startReceiver, status } from './receiver.ts';
import { DAY_MS, expiringIn, SECRET, startTelling, tellReceiver } from './support.ts';

test('a receiver that hangs delays no other receiver, and no client', async () => {
  const { promise: atTheEnd, resolve: end } = Promise.withResolvers<void>();
  const hanging = await startReceiver((response) => {
    void atTheEnd.then(() => response.writeHead(204).end());
  });
  const good = await startReceiver();
  const { tell, query } = await startTelling({
    webhooks: `${hanging.url} format=slack, ${good.url} format=cloudevents secret=${SECRET}`,
    emulator: { examples: ['c1', 'c2', 'c3'].map((id) => expiringIn(6, id)) },
  });
  await tell();
  await until(() => expect([hanging.received.length, good.received.length]).toEqual([1, 3]));
  expect(await query('{ clientCertificates { totalCount } }')).toEqual({
    data: { clientCertificates: { totalCount: 3 } },
  });
  end();
});

test('while the clock is ahead, a threshold is told early, and not once more; the next one is told in time', async () => {
  const { tell, next, setClock, pass, receiver, got, ids } = await tellReceiver(status(204), {
    env: { NOTIFY_DAYS: '30,7,3' },
    emulator: { examples: [expiringIn(20, 'c1')] },
  });
  const thresholds = () => receiver.bodies().map(({ data }) => data.thresholdDays);
  await tell();
  await got(1);
  setClock(14 * DAY_MS);
  await next();
  await got(2);
  setClock(0);
  await next();
  await next();
  expect(thresholds()).toEqual([30, 7]);
  await pass(13.5 * DAY_MS);
  await next();
  expect(thresholds()).toEqual([30, 7]);
  await pass(4 * DAY_MS);
  await next();
  await got(3);
  expect(thresholds()).toEqual([30, 7, 3]);
  expect(new Set(ids()).size).toBe(3);
});

test('a clock that is set back repeats nothing with another id', async () => {
  const { tell, next, setClock, got, ids } = await tellReceiver(status(204));
  await tell();
  await got(1);
  setClock(-60 * 60 * 1000);
  await next();
  setClock(0);
  await next();
  await next();
  expect(ids()).toHaveLength(1);
});
