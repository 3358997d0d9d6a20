import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { startService } from '../support/service.ts';

const GENERATE =
  'mutation ($d: String) { generateClientCertificate(input: { description: $d }) { __typename } }';
const GENERATED = { data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } } };
const TYPENAME = { data: { __typename: 'Query' } };

/** Sends bytes, both within this process and through a socket. */
async function start() {
  const service = await startService();
  const http = createServer(service.server.listener);
  onTestFinished(() => stop(http));
  const url = await listen(http);
  const send = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = '/graphql',
  ) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    return Promise.all([fetch(url + path, init), service.server.fetch(`http://localhost${path}`, init)]);
  };
  return { ...service, url, send };
}

const bodyOf = (description: string) => JSON.stringify({ query: GENERATE, variables: { d: description } });

describe('a body', () => {
  test.for([
    'application/json',
    'APPLICATION/JSON',
    'Application/Json;Charset=UTF-8',
    'application/json ; charset=utf-8',
    'application/json; charset="utf-8"',
    'application/json;charset=utf8',
    'application/json;',
    'application/json; profile=x',
    '\tapplication/json\t;\tcharset=utf-8',
    'application/graphql+json',
  ])('of the type "%s" is accepted', async (type) => {
    const { send } = await start();
    for (const response of await send(bodyOf('a'), { 'content-type': type })) {
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(GENERATED);
    }
  });

  test.for(['application/graphql', 'Application/GraphQL; charset=UTF-8'])(
    'of the type "%s" is a document',
    async (type) => {
      const { send } = await start();
      for (const response of await send('\ufeff{ __typename }', { 'content-type': type }))
        expect(await response.json()).toEqual(TYPENAME);
    },
  );

  test.for([
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/json; charset=',
    'application/json; charset=utf-16; charset=utf-8',
    'application/graphql; charset=us-ascii',
    'application/graphql-response+json',
    'application/json, application/json',
    'application/json application/json',
    'application/jsonx',
    'text/plain',
    'text/plain,application/json',
    'constructor',
    'json',
    ';',
  ])('of the type "%s" is refused with 415, which says what is accepted', async (type) => {
    const { send, calls } = await start();
    for (const response of await send(bodyOf('a'), { 'content-type': type })) {
      expect(response.status).toBe(415);
      expect(response.headers.get('accept')).toContain('application/json');
      expect(await response.json()).toMatchObject({
        errors: [
          {
            message: 'content-type: expected application/json, in UTF-8',
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      });
    }
    expect(calls).toEqual([]);
  });

  test.for(['gzip', 'br', 'identity, gzip', 'x'])(
    'in the coding "%s" is refused with 415, which says what is accepted',
    async (coding) => {
      const { send, calls } = await start();
      for (const response of await send(bodyOf('a'), { 'content-encoding': coding })) {
        expect(response.status).toBe(415);
        expect(response.headers.get('accept-encoding')).toBe('identity');
        expect(await response.json()).toMatchObject({
          errors: [{ message: 'content-encoding: expected none', extensions: { code: 'BAD_REQUEST' } }],
        });
      }
      expect(calls).toEqual([]);
    },
  );

  test.for(['identity', 'Identity', ''])('in the coding "%s" is accepted', async (coding) => {
    const { send } = await start();
    for (const response of await send(bodyOf('a'), { 'content-encoding': coding }))
      expect(await response.json()).toEqual(GENERATED);
  });

  test('may begin with a byte order mark', async () => {
    const { send, query } = await start();
    for (const response of await send(`\ufeff${bodyOf('\ufeffé')}`))
      expect(await response.json()).toEqual(GENERATED);
    const { data } = await query('{ clientCertificates { nodes { description } } }');
    expect(data.clientCertificates.nodes[0]).toEqual({ description: '\ufeffé' });
  });

  test.for([
    ['a byte of another encoding', [0xe9]],
    ['half a character', [0xc3]],
    ['an overlong encoding', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a code point beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
  ] as const)('that is not UTF-8 is refused with 400: %s', async ([, bytes]) => {
    const { send, calls } = await start();
    const [before = '', after = ''] = bodyOf('|').split('|');
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    for (const response of await send(body)) {
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ message: 'The body is not UTF-8.', extensions: { code: 'BAD_REQUEST' } }],
      });
    }
    expect(calls).toEqual([]);
  });

  test('may have unknown members', async () => {
    const { send } = await start();
    for (const more of [
      { id: 'ListQuery' },
      { id: 'x', doc_id: 1, documentId: null, cacheConfig: {} },
      { constructor: 1, toString: 'x', ['__proto__']: { query: 'x' } },
    ]) {
      for (const response of await send(JSON.stringify({ ...more, query: '{ __typename }' })))
        expect(await response.json()).toEqual(TYPENAME);
    }
  });

  test.for([
    { operationName: '' },
    { operationName: null },
    { variables: null },
    { extensions: null },
    { operationName: null, variables: null, extensions: null, id: null },
  ])('with %j is like one without', async (more) => {
    const { send } = await start();
    for (const response of await send(JSON.stringify({ query: '{ __typename }', ...more })))
      expect(await response.json()).toEqual(TYPENAME);
  });
});

describe('the query of a URL', () => {
  test.for(['%ff', '%C3', '%c3%28', '%ed%a0%80', '%f5%80%80%80', 'é%e9'])(
    'that is not UTF-8 is refused with 400: %s',
    async (encoded) => {
      const { url, server, calls } = await start();
      const search = `?query=${encodeURIComponent('{ clientCertificates { totalCount } } #')}${encoded}`;
      for (const method of ['GET', 'HEAD'])
        for (const response of [
          await fetch(`${url}/graphql${search}`, { method }),
          await server.fetch(`http://localhost/graphql${search}`, { method }),
        ])
          expect(response.status).toBe(400);
      expect(calls).toEqual([]);
    },
  );

  test.for(['%C3%A9', 'é', '%F0%9F%98%80', '100%', '%zz', '%', '%%C3%A9', '+'])(
    'may have %s in it',
    async (text) => {
      const { url, server } = await start();
      const search = `?query={__typename}&a=${text}`;
      for (const response of [
        await fetch(`${url}/graphql${search}`),
        await server.fetch(`http://localhost/graphql${search}`),
      ])
        expect(await response.json()).toEqual(TYPENAME);
    },
  );
});

test('a trailing slash does not change a path', async () => {
  const { send, url } = await start();
  for (const response of await send(bodyOf('a'), {}, '/graphql/'))
    expect(await response.json()).toEqual(GENERATED);
  expect(await (await fetch(`${url}/graphql/?query={__typename}`)).json()).toEqual(TYPENAME);
  const page = await fetch(`${url}/graphql/`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('<title>Certway</title>');
  for (const path of ['/health/', '/ready/', '/metrics/']) expect((await fetch(url + path)).status).toBe(200);
  for (const path of ['/graphql//', '//graphql'])
    expect((await fetch(url + path, { headers: { accept: 'text/html' } })).status).toBe(404);
});

test('one cached response serves all forms of a request', async () => {
  const { server, calls } = await startService({ env: { CACHE_TTL_MS: '60000' } });
  const body = JSON.stringify({ query: '{ clientCertificates { nodes { id } } }' });
  for (const path of ['/graphql', '/graphql/'])
    for (const type of ['application/json', 'APPLICATION/JSON; charset=UTF-8'])
      for (const mark of ['', '\ufeff']) {
        const init = { method: 'POST', body: mark + body, headers: { 'content-type': type } };
        expect((await server.fetch(`http://localhost${path}`, init)).status).toBe(200);
      }
  expect(calls).toHaveLength(1);
});

test.for(['/graphql?query={__typename}', '/health', '/ready', '/metrics', '/nowhere', '/graphql'])(
  'HEAD %s has the status and the headers of GET, and no body',
  async (path) => {
    const { url, server } = await start();
    const ways = [fetch, server.fetch] as const;
    for (const [i, ask] of ways.entries()) {
      const at = (i === 0 ? url : 'http://localhost') + path;
      const answers = [await ask(at), await ask(at, { method: 'HEAD' })] as const;
      const [get, head] = answers.map(({ status, headers }) => ({
        status,
        type: headers.get('content-type'),
        policy: headers.get('content-security-policy'),
      }));
      expect(head).toEqual(get);
      expect(await answers[1].text()).toBe('');
    }
  },
);
