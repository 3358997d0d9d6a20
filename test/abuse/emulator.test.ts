import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { AUTHORIZATION, clientOf, page } from '../emulator/support.ts';
import { serve } from '../support/process.ts';
import { ATTACK_MS } from './attack.ts';
import { closeAfterTest, open, received } from './connections.ts';
import { measure } from './measure.ts';
import { pipeline } from './pipeline.ts';

/** V8 collects when it likes: the same attack takes 200 to 410 MiB. */
const MAX_MIB = 500;

const AUTHORIZED = `authorization: ${AUTHORIZATION}\r\n`;
const get = (headers = '') => `GET /clientcertificates HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
const send = (method: string, path: string, bytes: number, headers = AUTHORIZED) =>
  `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${bytes}\r\n${headers}\r\n`;

/** The service with an emulator in the same process; the emulator is attacked. */
async function serveBoth(env: Record<string, string> = {}) {
  const service = await serve({ LOG_LEVEL: 'silent', ...env });
  const emulatorUrl = (await service.printed(/Emulator of API Gateway at http:[^ ]+(?=\. )/))
    .split(' ')
    .at(-1);
  return { ...service, emulatorUrl: emulatorUrl ?? '' };
}

const isAlive = ({ emulatorUrl }: { emulatorUrl: string }) =>
  vi.waitFor(async () => expect((await page(clientOf(emulatorUrl))).ids).not.toEqual([]), 10_000);

for (const clients of [1, 40]) {
  test.for<[what: string, request: string, env: Record<string, string>]>([
    ['429s', get(AUTHORIZED), {}],
    ['pages of certificates', get(AUTHORIZED), { EMULATOR_REQUESTS_PER_SECOND: '0' }],
    ['403s', get(), {}],
    ['403s with bodies of 60 kB', send('POST', '/clientcertificates', 60_000, '') + ' '.repeat(60_000), {}],
  ])(`${clients} that ask the emulator without reading: %s`, async ([what, request, env]) => {
    const service = await serveBoth(env);
    const { peakMiB } = await measure(`the emulator, ${what}, unread, ${clients} clients`, service, () =>
      pipeline(service.emulatorUrl, clients, request, ATTACK_MS),
    );
    expect(peakMiB).toBeLessThan(MAX_MIB);
    await isAlive(service);
  });

  test.for<[what: string, path: string, body: string]>([
    ['wrong changes', '/clientcertificates/a1b2c3', wrongChanges(45_000)],
    ['tags', '/tags/arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3', tagsOf(30_000)],
  ])(`${clients} that send the emulator 500 kB of %s`, async ([what, path, body]) => {
    const service = await serveBoth();
    const request = send(path.startsWith('/tags') ? 'PUT' : 'PATCH', path, body.length) + body;
    const { peakMiB } = await measure(
      `the emulator, 500 kB of ${what}, ${clients} clients`,
      service,
      async () => {
        const sockets = await Promise.all(Array.from({ length: clients }, () => open(service.emulatorUrl)));
        closeAfterTest(sockets);
        for (const socket of sockets) socket.pause().write(request);
        await wait(ATTACK_MS);
      },
    );
    expect(peakMiB).toBeLessThan(1.5 * MAX_MIB);
    await isAlive(service);
  });
}

test.for([1, 40])(
  '%i that do not send the last bytes of bodies, on ten connections each',
  async (clients) => {
    const service = await serveBoth();
    const body = ' '.repeat(500_000);
    const sockets = await Promise.all(Array.from({ length: 10 * clients }, () => open(service.emulatorUrl)));
    closeAfterTest(sockets);
    const { peakMiB } = await measure(
      `the emulator, ${sockets.length} bodies of 500 kB without the last byte`,
      service,
      async () => {
        for (const socket of sockets)
          socket.resume().write(send('POST', '/clientcertificates', body.length + 1) + body);
        await wait(ATTACK_MS);
      },
    );
    expect(peakMiB).toBeLessThan(MAX_MIB);
    await isAlive(service);
  },
);

test.for([1, 40])('%i that send the emulator 10 MB of invalid changes', async (clients) => {
  const service = await serveBoth();
  const body = Buffer.from(wrongChanges(950_000));
  const sockets = await Promise.all(Array.from({ length: clients }, () => open(service.emulatorUrl)));
  closeAfterTest(sockets);
  const { peakMiB } = await measure(
    `the emulator, 10 MB of wrong changes, ${clients} clients`,
    service,
    async () => {
      for (const socket of sockets) {
        socket.pause().write(send('PATCH', '/clientcertificates/a1b2c3', body.length));
        socket.write(body);
      }
      await wait(ATTACK_MS);
    },
  );
  expect(peakMiB).toBeLessThan(MAX_MIB);
  await isAlive(service);
});

test('100 clients that send the emulator a byte of a header now and then are cut off', async () => {
  const service = await serveBoth();
  const sockets = await Promise.all(Array.from({ length: 100 }, () => open(service.emulatorUrl)));
  closeAfterTest(sockets);
  const answers = sockets.map((socket) => received(socket, 30_000));
  while (sockets.some(({ closed }) => !closed)) {
    for (const socket of sockets)
      if (socket.writable) socket.write('GET /clientcertificates HTTP/1.1\r\nx:'.charAt(socket.bytesWritten));
    await wait(100);
  }
  expect(new Set((await Promise.all(answers)).map((answer) => answer.slice(0, 12)))).toEqual(
    new Set(['HTTP/1.1 408']),
  );
});

function wrongChanges(n: number): string {
  return `{"patchOperations":[${'{"op":"x"},'.repeat(n)}{}]}`;
}

function tagsOf(n: number): string {
  return JSON.stringify({ tags: Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 'v'])) });
}
