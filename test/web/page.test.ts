import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { apiKeyEntry, jwtEnv } from '../support/authentication.ts';
import { emptyFolder } from '../support/process.ts';
import { startService } from '../support/service.ts';

const HTML = '<!doctype html><title>Certway</title><script type="module" src="./assets/a-1.js"></script>';
const JS = 'console.log("a")';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** What a build leaves behind. */
async function build(folder: string): Promise<void> {
  await mkdir(`${folder}/assets`, { recursive: true });
  for (const [name, text] of [
    ['index.html', HTML],
    ['assets/a-1.js', JS],
    ['secret.json', '{}'],
  ] as const) {
    await writeFile(`${folder}/${name}`, text);
    await writeFile(`${folder}/${name}.br`, brotliCompressSync(text));
    await writeFile(`${folder}/${name}.gz`, gzipSync(text));
  }
}

async function start(env: Record<string, string> = {}, isBuilt = true) {
  const pageFolder = await emptyFolder();
  if (isBuilt) await build(pageFolder);
  const service = await startService({ env, pageFolder });
  const get = async (path: string, headers: Record<string, string> = BROWSER, method = 'GET') =>
    service.server.fetch(`http://localhost${path}`, { method, headers });
  return { ...service, pageFolder, get };
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('browsers get the page at /, which they check again each time', async () => {
  const { get } = await start();
  const response = await get('/');
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    vary: 'accept, accept-encoding',
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src data:; img-src 'self' data:; " +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
  expect(await response.text()).toBe(HTML);
  const etag = response.headers.get('etag') ?? '';
  const again = await get('/', { ...BROWSER, 'if-none-match': etag });
  expect(again.status).toBe(304);
  expect(again.headers.get('content-security-policy')).toBe(response.headers.get('content-security-policy'));
  expect(await bytesOf(again)).toHaveLength(0);
});

test('what the page consists of is kept for ever, since its name changes with its content', async () => {
  const { get } = await start();
  const response = await get('/assets/a-1.js', { accept: '*/*' });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  });
  expect(await response.text()).toBe(JS);
});

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
  ['identity', null, (bytes: Buffer) => bytes],
  ['', null, (bytes: Buffer) => bytes],
])('with accept-encoding "%s" it comes as %s', async (accepted, encoding, decoded) => {
  const { get } = await start();
  for (const [path, text] of [
    ['/', HTML],
    ['/assets/a-1.js', JS],
  ] as const) {
    const response = await get(path, { ...BROWSER, 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(decoded(await bytesOf(response)).toString()).toBe(text);
  }
});

test('no file is read again once the page is there', async () => {
  const { get, pageFolder } = await start();
  await get('/');
  await rm(`${pageFolder}/index.html`);
  await rm(`${pageFolder}/assets`, { recursive: true });
  expect(await (await get('/')).text()).toBe(HTML);
  expect(await (await get('/assets/a-1.js')).text()).toBe(JS);
});

test.each(['/assets/b-2.js', '/assets/../secret.json', '/secret.json', '/index.html', '/assets/a-1.js.br'])(
  'nothing else is served: %s',
  async (path) => {
    const { get } = await start();
    expect((await get(path)).status).toBe(404);
  },
);

test('a HEAD gets the headers of a GET, and other methods nothing', async () => {
  const { get } = await start();
  const head = await get('/', BROWSER, 'HEAD');
  expect(head.status).toBe(200);
  expect(head.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect((await get('/', BROWSER, 'POST')).status).not.toBe(200);
});

test('a client that prefers JSON gets no page at /', async () => {
  const { get } = await start();
  expect((await get('/', { accept: 'application/json' })).status).toBe(404);
});

test('where it is not built, it says what to do, and it is there as soon as it is built', async () => {
  const { get, pageFolder } = await start({}, false);
  const response = await get('/');
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toMatch(/^The page is not built\. .*`npm run build`/);
  expect((await get('/graphql')).status).toBe(200);
  await build(pageFolder);
  expect(await (await get('/')).text()).toBe(HTML);
});

test('what is not whole is not served, and not kept', async () => {
  const { get, pageFolder } = await start({}, false);
  await writeFile(`${pageFolder}/index.html`, HTML);
  expect((await get('/')).status).toBe(503);
  await build(pageFolder);
  await rm(`${pageFolder}/assets/a-1.js.br`);
  expect((await get('/')).status).toBe(503);
  expect((await get('/assets/a-1.js')).status).toBe(404);
  await build(pageFolder);
  expect(await (await get('/')).text()).toBe(HTML);
  expect(await (await get('/assets/a-1.js')).text()).toBe(JS);
});

test('that a file cannot be read is not kept', async () => {
  const { get, pageFolder } = await start();
  const tooLarge = `${pageFolder}/too-large.md`;
  await writeFile(tooLarge, '');
  await truncate(tooLarge, 2 ** 32); // a hole that takes no room
  expect((await get('/')).status).toBe(500);
  await rm(tooLarge);
  expect(await (await get('/')).text()).toBe(HTML);
});

test('with PAGE=false, / leads to GraphiQL, and there is nothing of the page', async () => {
  const { get } = await start({ PAGE: 'false' });
  const response = await get('/');
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('./graphql');
  for (const path of ['/assets/a-1.js', '/page.json']) expect((await get(path)).status).toBe(404);
});

describe('what the page is told before it begins', () => {
  const OIDC = { ...jwtEnv('http://127.0.0.1:9/keys'), OIDC_CLIENT_ID: 'page' };
  const SCOPE = 'openid client-certificates:read client-certificates:write stages:write';
  const issuer = 'https://issuer.example.com/';

  test.each([
    ['nobody is asked who they are', {}, { graphiql: true, auth: { kind: 'none', isSignedIn: true } }],
    [
      'a key is needed, of which it tells nothing',
      { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'p'), GRAPHIQL: 'false' },
      { graphiql: false, auth: { kind: 'api-key', isSignedIn: false } },
    ],
    [
      'a token is needed',
      jwtEnv('http://127.0.0.1:9/keys'),
      { graphiql: true, auth: { kind: 'jwt', isSignedIn: false } },
    ],
    [
      'people sign in at the issuer',
      OIDC,
      {
        graphiql: true,
        auth: {
          kind: 'jwt',
          isSignedIn: false,
          oidc: { issuer, clientId: 'page', parameters: { scope: SCOPE } },
        },
      },
    ],
    [
      'the request has further parameters',
      { ...OIDC, OIDC_PARAMETERS: 'scope=openid%20api&audience=certway' },
      {
        graphiql: true,
        auth: {
          kind: 'jwt',
          isSignedIn: false,
          oidc: { issuer, clientId: 'page', parameters: { scope: 'openid api', audience: 'certway' } },
        },
      },
    ],
  ])('%s', async (_, env, settings) => {
    const { get } = await start(env);
    const response = await get('/page.json', { accept: 'application/json' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(settings);
    expect((await get('/')).status).toBe(200);
  });

  test('whether a proxy has credentials for the person, which must not be kept', async () => {
    const { get } = await start({ AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', 'p') });
    const told = async (key: string) => get('/page.json', { authorization: `Bearer ${key}` });
    expect((await (await told('p')).json()).auth).toEqual({ kind: 'api-key', isSignedIn: true });
    expect((await (await told('x')).json()).auth).toEqual({ kind: 'api-key', isSignedIn: false });
    expect((await told('p')).headers.get('cache-control')).toBe('no-store');
  });

  test('it may ask the issuer, and nobody else', async () => {
    const { get } = await start(OIDC);
    expect((await get('/')).headers.get('content-security-policy')).toContain(
      "connect-src 'self' https://issuer.example.com;",
    );
  });
});
