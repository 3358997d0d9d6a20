import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { serve } from '../support/process.ts';
import { ATTACK_MS } from './attack.ts';
import { closeAfterTest, open } from './connections.ts';
import { hangingJwks } from './hanging-jwks.ts';
import { measure } from './measure.ts';

/** The waiting bodies, as much garbage, and the service itself. */
const MAX_MIB = 400;

const JSON_BODY = { 'content-type': 'application/json' };
const HEAD = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

/** Each byte is a chunk, and takes a hundred bytes in memory. */
const inBytes = (length: number) => `${HEAD}transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(length)}`;
const whole = (length: number) => `${HEAD}content-length: ${length}\r\n\r\n${' '.repeat(length)}`;

const manyHeaders = `GET /health HTTP/1.1\r\nhost: localhost\r\n${Array.from(
  { length: 150 },
  (_, i) => `x-${i}: ${'y'.repeat(80)}\r\n`,
).join('')}\r\n`;

/** Each client sends the pieces as fast as they are accepted, and then nothing. */
async function send(url: string, clients: number, pieces: readonly string[]): Promise<void> {
  const endAtMs = performance.now() + ATTACK_MS;
  const sockets = await Promise.all(Array.from({ length: clients }, () => open(url)));
  closeAfterTest(sockets);
  for (const piece of pieces) for (const socket of sockets) if (socket.writable) socket.write(piece);
  await wait(endAtMs - performance.now());
}

const isAlive = async ({ url }: { url: string }) =>
  expect((await fetch(new URL('/health', url))).status).toBe(200);

for (const clients of [1, 40]) {
  test(`${clients} that send a body in chunks of one byte`, async () => {
    const service = await serve({ LOG_LEVEL: 'silent' });
    const { peakMiB } = await measure(`a body in chunks of one byte, ${clients} clients`, service, () =>
      send(service.url, clients, [inBytes(262_000)]),
    );
    expect(peakMiB).toBeLessThan(MAX_MIB);
    await isAlive(service);
  });

  test.for([
    ['bodies in chunks of one byte', `${inBytes(60_000)}0\r\n\r\n`],
    ['bodies of 60 kB', whole(60_000)],
    ['many headers', manyHeaders],
  ] as const)(`${clients} that send ahead while the server of keys hangs: %s`, async ([what, request]) => {
    const { env, token } = await hangingJwks();
    const service = await serve({ LOG_LEVEL: 'silent', ...env });
    const first = `${HEAD}authorization: Bearer ${token}\r\ncontent-length: 2\r\n\r\n{}`;
    const ahead = Array.from({ length: 99 }, () => request);
    const { peakMiB } = await measure(`${what}, sent ahead, ${clients} clients`, service, () =>
      send(service.url, clients, [first, ...ahead]),
    );
    expect(peakMiB).toBeLessThan(MAX_MIB);
    await isAlive(service);
  });
}

test('900 that send the beginning of a body in chunks of one byte', async () => {
  const service = await serve({ LOG_LEVEL: 'silent' });
  const { peakMiB } = await measure(
    'the beginning of a body in chunks of one byte, 900 clients',
    service,
    () => send(service.url, 900, [inBytes(990)]),
  );
  expect(peakMiB).toBeLessThan(MAX_MIB);
  await isAlive(service);
});

test.for([1, 256])(
  '%i with as many values in the body as fit, which wait for their turn',
  async (clients) => {
    const service = await serve({ LOG_LEVEL: 'silent' });
    const aliases = Array.from({ length: 99 }, (_, i) => `a${i}: pemEncodedCertificate`);
    const query = `{ clientCertificates(first: 35) { nodes { ${aliases.join(' ')} } } }`;
    const start = JSON.stringify({ query }).slice(0, -1);
    const values = Array.from({ length: Math.floor((262_000 - start.length) / 3) }, () => '{}');
    const body = `${start},"variables":{"a":[${values}]}}`;
    for (const _ of ['new', 'known'])
      await (
        await fetch(service.url, { method: 'POST', headers: JSON_BODY, body: start.concat('}') })
      ).bytes();
    const { peakMiB } = await measure(`bodies of many values, ${clients} clients`, service, () =>
      send(service.url, clients, [`${HEAD}content-length: ${body.length}\r\n\r\n${body}`]),
    );
    expect(peakMiB).toBeLessThan(1200); // mostly garbage of responses of a megabyte: 700 to 1,060, as V8 collects it
    await isAlive(service);
  },
);
