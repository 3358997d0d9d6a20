import { expect, test, vi } from 'vitest';
import { BATCH, expectSecondTwice, MANY, silentAt, startDue } from '../notifications/due.ts';
import { status } from '../notifications/receiver.ts';
import { emptyFolder } from '../support/process.ts';

vi.setConfig({ testTimeout: 240_000 });

const file = async () => ({ NOTIFY_PATH: `${await emptyFolder()}/notices.db` });

test('killed after a message was sent and before it was marked, it sends the same message again, and then no more', async () => {
  const { receiver, told, serve, notify, untilToldOf } = await startDue(1, silentAt(1), await file());
  const first = await serve();
  await untilToldOf(1);
  await first.kill();
  const second = await serve();
  await untilToldOf(2);
  expect(new Set(told().flat()).size).toBe(1);
  const [before, after] = receiver.bodies();
  expect(after).toEqual(before);
  await second.stop();
  expect(await notify()).toMatchObject({ code: 0, stdout: '' });
  expect(told()).toHaveLength(2);
});

test('killed in the middle of many, it sends those again whose message had no answer, and none of the others', async () => {
  const { told, serve, notify, untilToldOf } = await startDue(MANY, silentAt(2), await file());
  const first = await serve();
  await untilToldOf(2 * BATCH);
  await first.kill();
  const second = await serve();
  await untilToldOf(MANY + BATCH);
  expectSecondTwice(told());
  await second.stop();
  expect(await notify()).toMatchObject({ code: 0, stdout: '' });
  expect(told().flat()).toHaveLength(MANY + BATCH);
});

test('on a full disk it goes on with what it remembers; what it could not mark is sent again after a restart', async () => {
  const { told, serveOnFullDisk, notify, untilToldOf } = await startDue(MANY, status(204), await file());
  const service = await serveOnFullDisk(64);
  await untilToldOf(MANY);
  expect(new Set(told().flat()).size).toBe(MANY);
  await service.printed(/could not use the file of NOTIFY_PATH/);
  expect(await service.stop()).toMatchObject({ code: 0 });
  expect(await notify()).toMatchObject({ code: 0, stdout: '' });
  expect(told().flat().length).toBeGreaterThan(MANY);
  expect(new Set(told().flat()).size).toBe(MANY);
  const all = told().flat().length;
  expect(await notify()).toMatchObject({ code: 0, stdout: '' });
  expect(told().flat()).toHaveLength(all);
});

test('without a place for marks, each start sends the same message once', async () => {
  const { told, serve, untilToldOf } = await startDue(1, silentAt(1), {});
  for (const times of [1, 2, 3]) {
    const { kill } = await serve();
    await untilToldOf(times);
    await kill();
  }
  expect(new Set(told().flat()).size).toBe(1);
});
