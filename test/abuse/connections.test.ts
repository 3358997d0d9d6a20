import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { serve } from '../support/process.ts';
import { closeAfterTest, open, openFiles, received } from './connections.ts';
import { measure } from './measure.ts';

const HEADER = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

/** The bytes that an attacker sends before it drops the connection. */
const PARTS = [
  '',
  '\r\n',
  'POST /gra',
  HEADER,
  `${HEADER}content-length: 100\r\n\r\n{"query":`,
  `${HEADER}transfer-encoding: chunked\r\n\r\n5\r\n{"q`,
  `${HEADER}content-length: 24\r\n\r\n{"query":"{__typename}"}`,
];

const isAlive = async ({ query }: { query(text: string): Promise<unknown> }) =>
  expect(await query('{ clientCertificates(first: 1) { nodes { status } } }')).toHaveProperty(
    'data.clientCertificates',
  );

test('100 clients that send a byte of a header now and then are cut off, and others are served meanwhile', async () => {
  const service = await serve({ HEADERS_TIMEOUT_MS: '1500', LOG_LEVEL: 'error' });
  await isAlive(service);
  const before = await openFiles(service.child.pid);
  const sockets = await Promise.all(Array.from({ length: 100 }, () => open(service.url)));
  closeAfterTest(sockets);
  const answers = sockets.map(() => '');
  for (const [i, socket] of sockets.entries()) {
    socket.write(i % 2 ? HEADER : 'POST /graphql HTTP/1.1\r\nx: ');
    socket.on('data', (chunk: Buffer) => {
      answers[i] += chunk.toString('latin1');
    });
  }
  while (sockets.some(({ closed }) => !closed)) {
    for (const socket of sockets) if (socket.writable) socket.write('x');
    await isAlive(service);
    await wait(100);
  }
  for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
  expect(answers.filter((answer) => answer !== '').length).toBeGreaterThan(50);
  await vi.waitFor(async () => expect(await openFiles(service.child.pid)).toBeLessThanOrEqual(before + 2), {
    timeout: 20_000,
  });
});

test('100 clients that send a body byte by byte are cut off too', async () => {
  const service = await serve({ HEADERS_TIMEOUT_MS: '500', REQUEST_TIMEOUT_MS: '1000', LOG_LEVEL: 'error' });
  const sockets = await Promise.all(Array.from({ length: 100 }, () => open(service.url)));
  closeAfterTest(sockets);
  for (const socket of sockets) socket.resume().write(`${HEADER}content-length: 10000\r\n\r\n`);
  while (sockets.some(({ closed }) => !closed)) {
    for (const socket of sockets) if (socket.writable) socket.write(' ');
    await isAlive(service);
    await wait(100);
  }
});

test('bodies without their last byte take no more than 64 MiB, and are cut off for others', async () => {
  const service = await serve({ LOG_LEVEL: 'silent' });
  const sockets = await Promise.all(Array.from({ length: 500 }, () => open(service.url)));
  closeAfterTest(sockets);
  const { peakMiB } = await measure('500 bodies without their last byte', service, async () => {
    for (const socket of sockets) {
      socket.resume().write(`${HEADER}content-length: 250001\r\n\r\n${' '.repeat(250_000)}`);
      await isAlive(service);
    }
    await vi.waitFor(
      () => expect(sockets.filter(({ closed }) => closed).length).toBeGreaterThan(200),
      10_000,
    );
  });
  expect(peakMiB).toBeLessThan(500);
  expect(sockets.at(-1)?.closed).toBe(false);
});

test('a body in tiny chunks is cut off', async () => {
  const service = await serve({ LOG_LEVEL: 'silent' });
  const socket = await open(service.url);
  closeAfterTest([socket]);
  const answer = received(socket, 60_000); // 408, once the time for a request is over
  socket.write(`${HEADER}transfer-encoding: chunked\r\n\r\n${'1\r\n \r\n'.repeat(50_000)}`);
  expect(await answer).toBe('');
  await isAlive(service);
});

test('10,000 connections that are opened and dropped leave nothing behind', async () => {
  const service = await serve({ LOG_LEVEL: 'error' });
  await isAlive(service);
  const before = await openFiles(service.child.pid);
  for (let batch = 0; batch < 50; batch += 1) {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => open(service.url)));
    for (const [i, socket] of sockets.entries()) {
      if (i % 2) socket.write(PARTS[i % PARTS.length] ?? '');
      if (i % 3) socket.resetAndDestroy();
      else socket.end(() => socket.destroy());
    }
    if (batch % 10 === 0) await isAlive(service);
  }
  await isAlive(service);
  await vi.waitFor(async () => expect(await openFiles(service.child.pid)).toBeLessThanOrEqual(before + 2), {
    timeout: 20_000,
  });
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
});
