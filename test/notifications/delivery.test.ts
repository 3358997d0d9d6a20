import { expect, test } from 'vitest';
import { type Answer, status } from './receiver.ts';
import { expiringIn, NOW, reasonsIn, tellReceiver } from './support.ts';

test.each<[what: string, answer: Answer, reason: string]>([
  ['400', status(400), 'answered 400'],
  ['500', status(500), 'answered 500'],
  ['a redirect', status(307, { location: 'http://127.0.0.1:1/' }), 'answered 307'],
  ['nothing', (response) => response.destroy(), 'no answer: UND_ERR_SOCKET'],
  ['rubbish', (response) => response.socket?.end('rubbish\r\n\r\n'), 'no answer: HTTPParserError'],
])('a receiver that answers %s gets the same event again, and then no more', async (_, answer, reason) => {
  const { tell, next, retry, receiver, got, ids, log } = await tellReceiver(answer);
  await tell();
  await got(1);
  await retry(1000);
  await got(2);
  receiver.answer(status(200));
  await retry(2000);
  await got(3);
  await next();
  await next();
  expect(new Set(ids()).size).toBe(1);
  expect(receiver.received).toHaveLength(3);
  expect(reasonsIn(log)).toEqual([reason, reason]);
});

test('an event that a receiver never takes keeps no other from it', async () => {
  const { tell, retry, receiver, got } = await tellReceiver(
    (response, { body }) => response.writeHead(JSON.parse(body).subject === 'c1' ? 400 : 204).end(),
    { emulator: { examples: ['c1', 'c2', 'c3'].map((id) => expiringIn(6, id)) } },
  );
  await tell();
  await got(1);
  await retry(1000);
  await got(4);
  expect(receiver.bodies().map(({ subject }) => subject)).toEqual(['c1', 'c2', 'c3', 'c1']);
});

test('a receiver that is down gets everything when it is up again', async () => {
  const { tell, retry, receiver, got, log } = await tellReceiver(status(204));
  await receiver.down();
  await tell();
  await retry(1000);
  await retry(2000);
  await receiver.up();
  await retry(4000);
  await got(1);
  expect(reasonsIn(log)).toEqual(Array(3).fill('no answer: ECONNREFUSED'));
});

test('a receiver that does not answer is given up, and tried again', async () => {
  const timeout = new AbortController();
  const signals = [timeout.signal];
  const { tell, retry, receiver, got, log } = await tellReceiver(() => undefined, {
    timeout: () => signals.shift() ?? new AbortController().signal,
  });
  await tell();
  await got(1);
  timeout.abort();
  receiver.answer(status(204));
  await retry(1000);
  await got(2);
  expect(reasonsIn(log)).toEqual(['no answer: AbortError']);
});

test('an endless answer is not read', async () => {
  const { tell, next, got, log } = await tellReceiver((response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write('rubbish'.repeat(1000)));
    };
    response.on('drain', more);
    more();
  });
  await tell();
  await got(1);
  await next();
  expect(log).toContainEqual(expect.objectContaining({ msg: 'sent notices' }));
});

test.each<[answer: Answer, pauseMs: number]>([
  [status(410), 3_600_000],
  [status(429, { 'retry-after': '120' }), 120_000],
  [status(503, { 'retry-after': new Date(NOW.getTime() + 310_000).toUTCString() }), 300_000],
  [status(503, { 'retry-after': '999999999' }), 3_600_000],
  [status(503, { 'retry-after': '9'.repeat(400) }), 3_600_000],
  [status(503, { 'retry-after': 'soon' }), 1000],
])('the pause is as long as the receiver asks for: %#', async (answer, pauseMs) => {
  const { tell, retry, receiver, got } = await tellReceiver(answer);
  await tell();
  await got(1);
  receiver.answer(status(204));
  await retry(pauseMs);
  await got(2);
});

test('the pauses between attempts double, up to 15 minutes', async () => {
  const { tell, retry, receiver, got } = await tellReceiver(status(500), {
    env: { EXPIRY_REFRESH_MS: '86400000' },
  });
  await tell();
  const pauses = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map((seconds) => seconds * 1000);
  for (const [i, ms] of pauses.entries()) {
    await got(i + 1);
    await retry(ms);
  }
  expect(receiver.received.length).toBeGreaterThan(11);
});
