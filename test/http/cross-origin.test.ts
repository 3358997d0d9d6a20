import { describe, expect, test } from 'vitest';
import { startService } from '../support/service.ts';

const PORTAL = 'https://portal.example.com';
const CONSOLE = 'http://localhost:3000';
const EVIL = 'https://evil.example';
const URL = 'http://localhost/graphql';
const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';
const LIST = '{ clientCertificates { nodes { id } } }';
const LISTED = { data: { clientCertificates: { nodes: [] } } };
const GET_LIST = `${URL}?query=${encodeURIComponent(LIST)}`;

const start = async (origins = `${PORTAL}, ${CONSOLE}`) =>
  startService({ env: { CORS_ORIGINS: origins, ALLOWED_HOSTS: 'service.example.com' } });

const corsHeadersOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

const preflight = (origin: string, method = 'POST') =>
  new Request(URL, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
      'sec-fetch-mode': 'cors',
      'sec-fetch-site': 'cross-site',
    },
  });

describe('a page of an allowed origin', () => {
  test.for([PORTAL, CONSOLE])(
    'may call from %s, and may read the headers of the response',
    async (origin) => {
      const { post } = await start();
      const response = await post({ query: LIST }, { origin, 'sec-fetch-site': 'cross-site' });
      expect(response.status).toBe(200);
      expect(corsHeadersOf(response)).toMatchObject({ 'access-control-allow-origin': origin });
      const exposed = response.headers.get('access-control-expose-headers')?.split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['x-request-id', 'retry-after', 'ratelimit-remaining']));
      expect(await response.json()).toEqual(LISTED);
    },
  );

  test.for([PORTAL, CONSOLE])('gets a successful preflight: %s', async (origin) => {
    const { calls, server } = await start();
    const response = await server.fetch(preflight(origin));
    expect(response.status).toBe(204);
    expect(response.headers.has('content-length')).toBe(false); // https://www.rfc-editor.org/rfc/rfc9110#section-8.6
    expect(corsHeadersOf(response)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '600',
    });
    expect(calls).toEqual([]);
  });

  test('never sends cookies', async () => {
    const { post, server } = await start();
    for (const response of [
      await post({ query: LIST }, { origin: PORTAL }),
      await server.fetch(preflight(PORTAL)),
    ])
      expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  });

  test('may read', async () => {
    const { server } = await start();
    const headers = { origin: PORTAL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
    const response = await server.fetch(GET_LIST, { headers });
    expect(await response.json()).toEqual(LISTED);
    expect(response.headers.get('access-control-allow-origin')).toBe(PORTAL);
  });

  test('may read why it is refused', async () => {
    const { post } = await start();
    for (const response of [
      await post('x', { origin: PORTAL, 'content-type': 'text/plain' }),
      await post({ query: '{' }, { origin: PORTAL }),
      await post('{', { origin: PORTAL }),
    ])
      expect(response.headers.get('access-control-allow-origin')).toBe(PORTAL);
  });
});

describe('a page of another origin', () => {
  const OTHERS = [
    EVIL,
    'null',
    '*',
    'https://portal.example.com.evil.example',
    'http://portal.example.com',
    'https://portal.example.com:8443',
    'https://PORTAL.example.com',
    `${PORTAL}, ${EVIL}`,
    '',
  ];

  test.for(OTHERS)('gets no CORS header: %j', async (origin) => {
    const { post, server } = await start();
    const answers = [await post({ query: LIST }, { origin }), await server.fetch(preflight(origin))];
    for (const response of answers) expect(corsHeadersOf(response)).toEqual({});
  });

  test.for(OTHERS)('may not call if the browser sends its origin: %j', async (origin) => {
    const { calls, post } = await start();
    for (const site of ['cross-site', 'same-site']) {
      const response = await post({ query: GENERATE }, { origin, 'sec-fetch-site': site });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'CROSS_ORIGIN_REFUSED' } }],
      });
    }
    expect(calls).toEqual([]);
  });

  test('gets no CORS header without a list of allowed origins', async () => {
    const { calls, post, server } = await start('');
    for (const origin of [PORTAL, EVIL, 'null', '']) {
      expect(corsHeadersOf(await post({ query: '{ __typename }' }, { origin }))).toEqual({});
      expect(corsHeadersOf(await server.fetch(preflight(origin)))).toEqual({});
    }
    expect(calls).toEqual([]);
  });
});

describe('the log', () => {
  const MINUTE_MS = 60_000;

  test.for([
    ['', PORTAL],
    [PORTAL, EVIL],
  ])('names the origin of a refused page, and the setting: %j, %s', async ([origins = '', origin = '']) => {
    const { log, post, server } = await start(origins);
    await server.fetch(preflight(origin));
    await post({ query: LIST }, { origin, 'sec-fetch-site': 'cross-site' });
    const line = {
      level: 'warn',
      requestId: expect.any(String),
      origin,
      setting: 'CORS_ORIGINS',
      msg: 'a page was refused, since CORS_ORIGINS does not have its origin',
    };
    expect(log).toEqual([
      { ...line, refused: 'preflight' },
      { ...line, refused: 'request' },
    ]);
  });

  test('does not mention allowed pages, or requests that are not a preflight', async () => {
    const { log, post, server } = await start();
    await server.fetch(preflight(PORTAL));
    await post({ query: LIST }, { origin: PORTAL, 'sec-fetch-site': 'cross-site' });
    await server.fetch(URL, { method: 'OPTIONS' });
    expect(log).toEqual([]);
  });

  test('has one line per minute for each origin, and at most 20 in total', async () => {
    let nowMs = 0;
    const { log, server } = await startService({ elapsedMs: () => nowMs });
    const origins = async () => {
      log.length = 0;
      for (let i = 0; i < 3; i += 1) await server.fetch(preflight(EVIL));
      for (let i = 0; i < 30; i += 1) await server.fetch(preflight(`https://${i}.example`));
      return log.map(({ origin }) => origin);
    };
    const told = [EVIL, ...Array.from({ length: 19 }, (_, i) => `https://${i}.example`)];
    expect(await origins()).toEqual(told);
    nowMs = MINUTE_MS - 1;
    expect(await origins()).toEqual([]);
    nowMs = MINUTE_MS;
    expect(await origins()).toEqual(told);
  });

  test('has only the first 200 characters of an origin', async () => {
    const { log, server } = await start();
    await server.fetch(preflight(`https://${'x'.repeat(10_000)}.example`));
    expect(log).toMatchObject([{ origin: `https://${'x'.repeat(192)}` }]);
  });
});

describe('a request that a browser sends without a preflight', () => {
  const form = new FormData();
  form.set('query', GENERATE);
  test.for<[what: string, body: BodyInit, type?: string]>([
    ['a form', new URLSearchParams({ query: GENERATE })],
    ['a form with files', form],
    ['plain text', JSON.stringify({ query: GENERATE })],
    [
      'JSON that is declared as plain text',
      JSON.stringify({ query: GENERATE }),
      'text/plain; a=application/json',
    ],
    ['JSON of no type', new Blob([JSON.stringify({ query: GENERATE })])],
    ['JSON of a type that only starts like one', JSON.stringify({ query: GENERATE }), 'application/jsonx'],
    [
      'a beacon',
      new Blob([JSON.stringify({ query: GENERATE })], { type: 'application/x-www-form-urlencoded' }),
    ],
  ])('is refused: %s', async ([, body, type]) => {
    const { calls, server } = await start();
    for (const [origin, status, code] of [
      [EVIL, 403, 'CROSS_ORIGIN_REFUSED'],
      [PORTAL, 415, 'BAD_REQUEST'],
    ] as const) {
      const headers = { origin, ...(type && { 'content-type': type }) };
      const response = await server.fetch(URL, { method: 'POST', body, headers });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    }
    expect(calls).toEqual([]);
  });

  test.for(['cross-site', 'same-site'])('is refused as a read from a %s page', async (site) => {
    const { calls, server } = await start();
    for (const mode of ['no-cors', 'cors', 'websocket', '']) {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode };
      expect((await server.fetch(GET_LIST, { headers })).status).toBe(403);
    }
    expect(calls).toEqual([]);
  });

  test('is refused by its origin alone, if the browser sends no other header', async () => {
    const { calls, post } = await start();
    for (const origin of [EVIL, 'null', 'http://localhost:81', 'https://service.example.com:8443'])
      expect((await post({ query: LIST }, { origin, host: 'service.example.com' })).status).toBe(403);
    expect(calls).toEqual([]);
    for (const origin of [PORTAL, 'https://service.example.com', 'http://Service.Example.com'])
      expect((await post({ query: LIST }, { origin, host: 'service.example.com' })).status).toBe(200);
  });

  test('is refused as a form in a new window', async () => {
    const { calls, server } = await start();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const body = JSON.stringify({ query: GENERATE });
    const response = await server.fetch(URL, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(403);
    expect(calls).toEqual([]);
  });

  test('is never executed as a mutation', async () => {
    const { calls, server } = await start();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const response = await server.fetch(`${URL}?query=${encodeURIComponent(GENERATE)}`, { headers });
    expect(response.status).toBe(405);
    expect(calls).toEqual([]);
  });
});

test.for(['same-origin', 'none'])('a request of the site %s is answered', async (site) => {
  const { post, server } = await start('');
  const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'cors' };
  expect(await (await server.fetch(GET_LIST, { headers })).json()).toEqual(LISTED);
  expect(await (await post({ query: LIST }, headers)).json()).toEqual(LISTED);
});

test('GraphiQL opens from a link on any page', async () => {
  const { server } = await start(''); // one, because each renders the page again
  for (const site of ['cross-site', 'same-site', 'same-origin', 'none']) {
    const response = await server.fetch(URL, {
      headers: { accept: 'text/html', 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' },
    });
    expect(response.status, site).toBe(200);
    expect(response.headers.get('content-type'), site).toContain('text/html');
  }
});
