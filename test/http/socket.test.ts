import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSigner, jwtEnv, startJwks, tokenOf } from '../support/authentication.ts';
import { untilClosed } from '../support/running-service.ts';
import type { ServiceOptions } from '../support/service.ts';
import { lookup, startSharing, until } from '../support/sharing.ts';

const MAX_BODY_BYTES = 4096;

/** The service behind a real server, and connections to it. */
async function start(options: ServiceOptions = {}) {
  const service = await startSharing({
    ...options,
    env: {
      MAX_BODY_BYTES: `${MAX_BODY_BYTES}`,
      EXPOSE_COST: 'false',
      ALLOWED_HOSTS: 'x,example.com',
      ...options.env,
    },
  });
  const http = createServer(service.server.listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  onTestFinished(async () => {
    http.closeAllConnections();
    http.close();
  });
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  /** All responses to these pieces of requests, the last of which closes the connection. */
  const send = async (...pieces: (string | Buffer)[]): Promise<string> => {
    const socket = await open();
    const received = untilClosed(socket);
    for (const piece of pieces) {
      socket.write(piece);
      for (let i = 0; i < 20; i += 1) await endOfTurn();
    }
    return received;
  };
  const isLeft = async () =>
    until(async () => expect(await promisify(http.getConnections).call(http)).toBe(0));
  /** Resolves once the next request has begun to arrive. */
  const requested = async () => once(http, 'request');
  return { ...service, open, send, isLeft, requested };
}

const CLOSE = 'connection: close\r\n';
const bodyOf = (query: string) => JSON.stringify({ query });
const post = (body: string | Buffer, headers = '') =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
const get = (path: string, headers = '', method = 'GET') =>
  `${method} ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;
const chunked = (body: string, size: number) =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${body
    .match(new RegExp(`[^]{1,${size}}`, 'g'))
    ?.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    .join('')}0\r\n\r\n`;
const statuses = (received: string) =>
  Array.from(received.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status));
const TYPENAME = '{"data":{"__typename":"Query"}}';

describe('on one connection', () => {
  test('a request may arrive in pieces of any size', async () => {
    const { send } = await start();
    const text = post(bodyOf('{ __typename # ü€😀\n}'), CLOSE);
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
      bytes.subarray(i * 7, i * 7 + 7),
    );
    const received = await send(...pieces);
    expect(statuses(received)).toEqual([200]);
    expect(received).toContain(TYPENAME);
  });

  test('requests are answered in their order, even if a later response is ready earlier', async () => {
    const { send, hold, query, arrived } = await start();
    await query('{ __typename }');
    const release = hold();
    const received = send(
      post(bodyOf(lookup('c001'))) + post(bodyOf('{ __typename }')) + get('/health') + post('{', CLOSE),
    );
    await arrived(1);
    release();
    expect(statuses(await received)).toEqual([200, 200, 200, 400]);
    expect((await received).indexOf('c001')).toBeLessThan((await received).indexOf(TYPENAME));
  });

  test('a request begins once the previous response is sent', async () => {
    const { send, hold, query, arrived, calls } = await start();
    await query('{ __typename }');
    calls.length = 0;
    const release = hold();
    const received = send(post(bodyOf(lookup('c001'))) + post(bodyOf(lookup('c002')), CLOSE));
    await arrived(1);
    for (let i = 0; i < 20; i += 1) await endOfTurn();
    expect(calls).toHaveLength(1);
    release();
    expect(statuses(await received)).toEqual([200, 200]);
    expect(calls).toHaveLength(2);
  });

  test('more than a hundred waiting requests close it, and none of them is begun', async () => {
    const { send, operations, isLeft } = await start();
    expect(await send(post(bodyOf(lookup('c001'))).repeat(102))).toBe('');
    await isLeft();
    expect(operations.filter(({ errors }) => !errors)).toEqual([]);
  });

  test('a hundred requests may wait', async () => {
    const { send } = await start();
    const all = post(bodyOf('{ __typename }')).repeat(100) + post(bodyOf('{ __typename }'), CLOSE);
    expect(statuses(await send(all))).toEqual(Array.from({ length: 101 }, () => 200));
  });

  test('the bodies of waiting requests may be large, up to the bound on all waiting headers and bodies', async () => {
    const { send } = await start({ env: { MAX_BODY_BYTES: '65536' } });
    const large = post(bodyOf(`{ __typename # ${'x'.repeat(60_000)}\n}`));
    const last = post(bodyOf('{ __typename }'), CLOSE);
    expect(statuses(await send(large.repeat(6) + last))).toEqual(Array.from({ length: 7 }, () => 200));
    const { hold, ...other } = await start({ env: { MAX_BODY_BYTES: '65536' } });
    hold();
    expect(await other.send(post(bodyOf(lookup('c001'))) + large.repeat(20))).toBe('');
    await other.isLeft();
  });

  test('a pipelined body of unknown length closes it', async () => {
    const { send, hold, isLeft } = await start();
    hold();
    expect(await send(post(bodyOf(lookup('c001'))) + chunked(bodyOf('{ __typename }'), 24))).toBe('');
    await isLeft();
  });

  test('a chunked body is accepted, unless its chunks are tiny and many', async () => {
    const { send, isLeft } = await start();
    const body = bodyOf(`{ __typename # ${'x'.repeat(2000)}\n}`);
    const last = post(bodyOf('{ __typename }'), CLOSE);
    expect(statuses(await send(chunked(body, 256), last))).toEqual([200, 200]);
    expect(await send(chunked(body, 1), last)).toBe('');
    await isLeft();
  });

  test('a body that is too large is refused, and the next request is answered', async () => {
    const { send } = await start();
    const large = bodyOf(`{ __typename # ${'x'.repeat(MAX_BODY_BYTES)}\n}`);
    const chunked = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    for (const request of [post(large), chunked]) {
      const received = await send(request, post(bodyOf('{ __typename }'), CLOSE));
      expect(statuses(received)).toEqual([413, 200]);
      expect(received).toContain('Request body too large');
    }
  });

  test('a body of exactly the allowed size is accepted', async () => {
    const { send } = await start();
    const start_ = bodyOf('{ __typename # \n}');
    const body = bodyOf(`{ __typename # ${'x'.repeat(MAX_BODY_BYTES - start_.length)}\n}`);
    expect(body).toHaveLength(MAX_BODY_BYTES);
    expect(statuses(await send(post(body, CLOSE)))).toEqual([200]);
    expect(statuses(await send(post(`${body} `, CLOSE)))).toEqual([413]);
  });
});

test.for([
  ['HEAD', '/health', 200],
  ['HEAD', '/graphql?query=%7B__typename%7D', 200],
  ['HEAD', '/graphql', 400],
  ['HEAD', '/metrics', 200],
  ['HEAD', '/nowhere', 404],
  ['OPTIONS', '/graphql', 405],
  ['OPTIONS', '*', 404],
  ['PUT', '/graphql', 405],
  ['TRACE', '/graphql', 405],
  ['PROPFIND', '/graphql', 405],
  ['GET', '/nowhere', 404],
  ['GET', '//graphql', 404],
  ['GET', '/graphql/../metrics', 404],
  ['GET', 'http://x/graphql', 400],
  ['GET', 'HTTP://x:4000/graphql?query=%7B__typename%7D', 200],
  ['GET', 'https://x/health', 200],
  ['GET', 'http://x/graphql/../metrics', 404],
  ['GET', 'http://x/nowhere?/graphql', 404],
  ['GET', 'http://x', 404],
  ['GET', 'http://x?query=%7B__typename%7D', 404],
  ['GET', 'http:///graphql', 404],
  ['GET', 'ftp://x/graphql', 404],
  ['GET', '/graphql?query=%ff%00', 400],
  ['GET', '/graphql?query=%7B__typename%7D', 200],
] as const)('%s %s is answered with %i', async ([method, path, status]) => {
  const { send, log } = await start();
  const received = await send(get(path, CLOSE, method));
  expect(statuses(received)).toEqual([status]);
  expect(received.toLowerCase()).toContain('x-content-type-options: nosniff');
  expect(received.toLowerCase()).toContain('x-request-id: ');
  expect(log).toEqual([]);
});

describe('through a socket', () => {
  test('repeated headers count once', async () => {
    const { send } = await start();
    const received = await send(post(bodyOf('{ __typename }'), `content-type: text/plain\r\n${CLOSE}`));
    expect(statuses(received)).toEqual([200]);
    const ids = await send(post(bodyOf('{ __typename }'), `x-request-id: a\r\nx-request-id: b\r\n${CLOSE}`));
    expect(ids).toMatch(/x-request-id: [0-9a-f-]{36}\r\n/);
  });

  test('bytes in a target that are not percent-encoded are refused', async () => {
    const { send } = await start();
    const received = await send(get('/graphql?query=%7B__typename%23\u00e9%0A%7D', CLOSE));
    expect(statuses(received)).toEqual([400]);
  });

  test('an absolute URL is a valid target, for a mutation too', async () => {
    const { send, calls } = await start();
    const request = post(
      bodyOf('mutation { generateClientCertificate(input: {}) { __typename } }'),
      CLOSE,
    ).replace('/graphql', 'http://example.com/graphql');
    expect(await send(request)).toContain('GenerateClientCertificatePayload');
    expect(calls).toEqual(['GenerateClientCertificate']);
  });

  test('a HEAD request gets the headers of GET, and no body', async () => {
    const { send } = await start();
    for (const [path, length] of [
      ['/graphql?query=%7B__typename%7D', `${TYPENAME.length}`],
      ['/metrics', '\\d+'],
      ['/nowhere', '\\d+'],
    ] as const) {
      const received = await send(get(path, CLOSE, 'HEAD'));
      expect(received.toLowerCase()).toMatch(new RegExp(`content-length: ${length}\r\n`));
      expect(received).toMatch(/\r\n\r\n$/);
    }
  });

  test.for(['multipart/mixed', 'text/event-stream'])(
    'an answer in parts to HTTP/1.0 is not chunked: %s',
    async (type) => {
      const { send } = await start();
      const request = get('/graphql?query=%7B__typename%7D', `accept: ${type}\r\n`);
      const received = await send(request.replace('HTTP/1.1', 'HTTP/1.0'));
      expect(received).toContain(TYPENAME);
      expect(received.toLowerCase()).not.toContain('transfer-encoding');
      expect(received).toMatch(/\r\n\r\n(\r\n---|:)/);
    },
  );

  test('an aborted upload leaves nothing behind', async () => {
    const { open, operations, log, query } = await start();
    const socket = await open();
    socket.write(post(bodyOf('{ __typename }')).slice(0, -5));
    for (let i = 0; i < 20; i += 1) await endOfTurn();
    socket.destroy();
    expect((await query('{ __typename }')).data).toEqual({ __typename: 'Query' });
    await until(() => expect(operations.filter(({ errors }) => !errors)).toHaveLength(1));
    expect(log).toEqual([]);
  });
});

test.for([
  ['its body', (headers: string) => post(bodyOf(lookup('c001')), headers).slice(0, -5), 'BAD_REQUEST'],
  [
    'AWS',
    (headers: string) => get(`/graphql?query=${encodeURIComponent(lookup('c001'))}`, headers),
    'UPSTREAM_TIMEOUT',
  ],
] as const)(
  'a client that disconnects during authentication is not waited for: %s',
  async ([, requestOf, code]) => {
    const signer = await createSigner('one');
    const jwks = await startJwks(signer);
    const answered = Promise.withResolvers<void>();
    jwks.answer = async (response) => {
      await answered.promise;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [signer.jwk] }));
    };
    const { open, isLeft, requested, operations, calls } = await start({ env: jwtEnv(jwks.url) });
    const socket = await open();
    const began = requested();
    socket.write(requestOf(`authorization: Bearer ${await tokenOf(signer)}\r\n`));
    await began;
    socket.destroy();
    await isLeft();
    answered.resolve();
    await until(() => expect(operations).toMatchObject([{ errors: [code], awsCalls: 0 }]));
    expect(calls).toEqual([]);
  },
);
