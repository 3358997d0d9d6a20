import { describe, expect, test, vi } from 'vitest';
import { requestOf, runService, untilClosed } from '../support/running-service.ts';

/** The status of the response to an unreadable request, and its error. */
function refusalIn(received: string) {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d+) \w/.exec(head) ?? [];
  expect(head).toMatch(/\r\ncontent-type: application\/json; charset=utf-8(\r|$)/);
  expect(head).toMatch(/\r\nconnection: close(\r|$)/i);
  const { errors } = JSON.parse(body);
  expect(errors).toEqual([
    {
      message: expect.stringMatching(/\w/),
      extensions: { code: 'BAD_REQUEST', requestId: expect.stringMatching(/^[\w-]{36}$/) },
    },
  ]);
  expect(head).toContain(`x-request-id: ${errors[0].extensions.requestId}`);
  return { status: Number(status), message: errors[0].message as string };
}

const CHUNKED = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n';

const UNREADABLE: [what: string, status: number, sent: string][] = [
  ['what is no HTTP', 400, 'GARBAGE\r\n\r\n'],
  ['a request of HTTP/0.9', 400, 'GET /graphql\r\n\r\n'],
  ['a target with a byte that is not encoded', 400, 'GET /graphql?ä HTTP/1.1\r\nhost: localhost\r\n\r\n'],
  ['a header without a colon', 400, 'GET / HTTP/1.1\r\nhost: localhost\r\nx y\r\n\r\n'],
  ['two lengths', 400, `${CHUNKED}content-length: 5\r\n\r\n`],
  ['a chunk without a size', 400, `${CHUNKED}content-type: application/json\r\n\r\nzz\r\n`],
  [
    'headers that are too large',
    431,
    `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
  ],
  ['a request without a host', 400, 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'],
];

describe('the refusal is an error with a code', () => {
  test.for(UNREADABLE)('of %s', async ([, status, sent]) => {
    const { send } = await runService();
    expect(refusalIn(await untilClosed(await send(sent))).status).toBe(status);
  });

  test('of a request that does not arrive in time', async () => {
    const { send } = await runService({ env: { HEADERS_TIMEOUT_MS: '100' } });
    const received = await untilClosed(await send('POST /graphql HTTP/1.1\r\nhost: localhost\r\nx: '));
    expect(refusalIn(received)).toEqual({ status: 408, message: 'The request did not come in time.' });
  });
});

test('an unreadable request after an answered one is refused', async () => {
  const { send } = await runService();
  const socket = await send(requestOf('{ __typename }'));
  const received = untilClosed(socket);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.write('GARBAGE\r\n\r\n');
  const [answer, refusal] = (await received).split(/(?=HTTP\/1\.1 )/);
  expect(answer).toContain('{"data":{"__typename":"Query"}}');
  expect(refusalIn(refusal ?? '').status).toBe(400);
});

test('an unreadable request after unanswered ones gets no refusal, which would be taken for the first response', async () => {
  const { send } = await runService();
  const socket = await send(`${requestOf('{ __typename }').repeat(2)}GARBAGE\r\n\r\n`);
  expect(await untilClosed(socket)).not.toContain('BAD_REQUEST');
});

test.for([
  ['that is unreadable', 'GARBAGE\r\n\r\n', {}],
  [
    'that does not arrive in time',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\nx: ',
    { HEADERS_TIMEOUT_MS: '1000' },
  ],
] as const)(
  'a request %s gets no refusal while the one before is executed, for which it would be taken',
  async ([, next, env]) => {
    const { send, fail, calls } = await runService({ env });
    fail(() => ({ kind: 'no-answer' }));
    const socket = await send(requestOf('mutation { generateClientCertificate(input: {}) { __typename } }'));
    const received = untilClosed(socket);
    await vi.waitFor(
      () => expect(calls).toContainEqual(expect.objectContaining({ operation: 'GenerateClientCertificate' })),
      { timeout: 50_000 },
    );
    socket.write(next);
    expect(await received).toBe('');
  },
);

test('an unknown expectation is ignored', async () => {
  const { send } = await runService();
  const received = await untilClosed(
    await send(requestOf('{ __typename }').replace('\r\n', '\r\nexpect: wonders\r\nconnection: close\r\n')),
  );
  expect(received).toContain('{"data":{"__typename":"Query"}}');
});
