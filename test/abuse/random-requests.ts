import fc from 'fast-check';

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
/** Random bytes. */
export const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
/** What HTTP lets a header hold (https://www.rfc-editor.org/rfc/rfc9110#section-5.5). */
const headerValue = fc.stringMatching(/^[\t -~\x80-\xff]{0,60}$/);

const header = fc.oneof(
  fc.tuple(token, headerValue),
  fc.tuple(
    fc.constantFrom(
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'baggage',
      'content-encoding',
      'content-type',
      'cookie',
      'forwarded',
      'if-none-match',
      'origin',
      'range',
      'sec-fetch-mode',
      'sec-fetch-site',
      'traceparent',
      'tracestate',
      'upgrade',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-request-id',
    ),
    fc.oneof(
      headerValue,
      fc.constantFrom(
        'application/json',
        'application/graphql',
        'application/graphql-response+json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'multipart/mixed',
        'text/event-stream',
        'text/html',
        '*/*',
        'gzip',
        'br',
        'deflate',
        'bytes=0-1',
        '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'navigate',
        'cross-site',
        'websocket',
        'null',
      ),
    ),
  ),
);

/** A request with anything that HTTP's grammar allows. */
export const requests = fc.record({
  method: fc.oneof(
    { weight: 6, arbitrary: fc.constant('POST') },
    {
      weight: 3,
      arbitrary: fc.constantFrom('GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE', 'QUERY'),
    },
    { weight: 1, arbitrary: token },
  ),
  target: fc.oneof(
    { weight: 6, arbitrary: fc.constant('/graphql') },
    fc.constantFrom(
      '/',
      '/health',
      '/ready',
      '/metrics',
      '/graphql/',
      '//graphql',
      '/graphql?query=%7B__typename%7D',
      '*',
      'http://elsewhere/graphql',
    ),
    fc.stringMatching(/^\/(graphql\?(query|variables|extensions|operationName)=)?[!-~]{0,40}$/),
  ),
  headers: fc.array(header, { maxLength: 8 }),
  asJson: fc.boolean(),
  body: fc.oneof(
    bytes(300),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record(
        {
          query: fc.anything(),
          variables: fc.anything(),
          operationName: fc.anything(),
          extensions: fc.anything(),
        },
        { requiredKeys: [] },
      )
      .map(toJson),
    fc
      .tuple(fc.constant('{"query":"{ __typename '), bytes(40), fc.constant('}"}'))
      .map(([start, middle, end]) => Buffer.concat([Buffer.from(start), middle, Buffer.from(end)])),
  ),
  chunked: fc.boolean(),
});

function toJson(value: unknown): Buffer {
  const text = JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `${member}` : member));
  return Buffer.from(text ?? 'null');
}

type Request = typeof requests extends fc.Arbitrary<infer T> ? T : never;

/** The request in HTTP/1.1. */
export function bytesOf({ method, target, headers, asJson, body, chunked }: Request): Buffer {
  const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${body.length}`;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    framing,
    ...(asJson ? ['content-type: application/json'] : []),
    ...headers
      .filter(([name]) => !/^(connection|content-length|transfer-encoding|host|expect)$/i.test(name))
      .map(([name, value]) => `${name}: ${value}`),
  ];
  const size = Buffer.from(`${body.length.toString(16)}\r\n`);
  const end = Buffer.from(body.length > 0 ? '\r\n0\r\n\r\n' : '\r\n');
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    ...(chunked ? [size, body, end] : [body]),
  ]);
}
