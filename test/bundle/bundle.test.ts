import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { emptyFolder, serve } from '../support/process.ts';

const COUNT = '{ clientCertificates { totalCount } }';
const KEYS = { AccessKeyId: 'any', SecretAccessKey: 'any' };

/** The bundle and nothing else, in a folder without packages in any folder above. */
async function serveAlone(env: Record<string, string>, nodeArgs: string[] = []) {
  const folder = await emptyFolder();
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  return serve(env, nodeArgs, join(folder, 'dist/main.js'));
}

/** The service on an API Gateway that requires credentials, which the environment points to. */
async function countOnAws(env: Record<string, string>): Promise<unknown> {
  const { url } = await emulate();
  const { query } = await serveAlone({
    UPSTREAM: 'aws',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_API_GATEWAY: url,
    ...env,
  });
  return query(COUNT);
}

const NONE = { data: { clientCertificates: { totalCount: 0 } } };

test('the bundle contains the emulator and GraphiQL', async () => {
  const { query, url } = await serveAlone({});
  expect(await query(COUNT)).toEqual({ data: { clientCertificates: { totalCount: 5 } } });
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect((await page.text()).length).toBeGreaterThan(1_000_000);
});

test('beside the bundle are the page and its documents, which are all that is executed if the settings say so', async () => {
  const { query, url } = await serveAlone({ ONLY_TRUSTED_DOCUMENTS: 'true' });
  const html = await (await fetch(new URL('/', url), { headers: { accept: 'text/html' } })).text();
  expect(html).toContain('<title>Certway</title>');
  const documents: Record<string, string> = JSON.parse(await readFile('dist/page/documents.json', 'utf8'));
  const [sha256Hash] = Object.entries(documents).find(([, text]) => text.startsWith('query Viewer ')) ?? [];
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  });
  expect(await answer.json()).toMatchObject({ data: { viewer: { name: 'anonymous' } } });
  expect(await query(COUNT)).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }] });
});

test('the bundle contains the client of Redis', async () => {
  const received: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (text) => received.push(String(text)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { query } = await serveAlone({ REDIS_URL: `redis://127.0.0.1:${port}` });
  expect(await query(COUNT)).toEqual({ data: { clientCertificates: { totalCount: 5 } } });
  expect(received.join()).toContain('probe');
});

test('the bundle contains the check of tokens and the rate limit', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = await answering({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
  const claims = { iss: 'https://issuer.example.com/', aud: 'certway', scope: 'client-certificates:read' };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setSubject('someone')
    .setExpirationTime('1m')
    .sign(privateKey);
  const { url } = await serveAlone({
    AUTH: 'jwt',
    JWT_ISSUER: claims.iss,
    JWT_AUDIENCE: claims.aud,
    JWT_JWKS_URL: jwks,
    RATE_LIMIT_PER_MINUTE: '1',
  });
  const statusOf = async (authorization: string) => {
    const headers = { 'content-type': 'application/json', authorization };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: COUNT }) })).status;
  };
  expect(await statusOf('Bearer none')).toBe(401);
  expect(await statusOf(`Bearer ${token}`)).toBe(200);
  expect(await statusOf(`Bearer ${token}`)).toBe(429);
});

test("the bundle contains the SDK's credential providers", async () => {
  const HOME = await emptyFolder();
  await mkdir(join(HOME, '.aws'));
  const credentials = JSON.stringify({ Version: 1, ...KEYS });
  await writeFile(join(HOME, 'credentials.json'), credentials);
  await writeFile(
    join(HOME, '.aws/config'),
    `[profile keys]
aws_access_key_id = any
aws_secret_access_key = any

[profile process]
credential_process = cat ${HOME}/credentials.json
`,
  );
  const PATH = process.env['PATH'] ?? '';
  expect(await countOnAws({ HOME, AWS_PROFILE: 'keys' })).toEqual(NONE);
  expect(await countOnAws({ HOME, PATH, AWS_PROFILE: 'process' })).toEqual(NONE);
  const AWS_CONTAINER_CREDENTIALS_FULL_URI = await answering({
    ...KEYS,
    Token: 'any',
    Expiration: '2099-01-01T00:00:00Z',
  });
  expect(await countOnAws({ AWS_CONTAINER_CREDENTIALS_FULL_URI })).toEqual(NONE);
});

test('a tracer that is loaded before the bundle gets its spans', async () => {
  const tracer = `
    import { ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '${import.meta.resolve('@opentelemetry/sdk-trace-node')}';
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] }).register();
  `;
  const { query, stop } = await serveAlone({}, [
    '--import',
    `data:text/javascript,${encodeURIComponent(tracer)}`,
  ]);
  await query(`query Named ${COUNT}`);
  expect((await stop()).stdout).toContain('Named');
});

test('all dependencies in the bundle are listed with their licenses', async () => {
  const licenses = await readFile('dist/licenses.md', 'utf8');
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(licenses.match(/^## \S+/gm)).toEqual(
    expect.arrayContaining(Object.keys(dependencies).map((name) => `## ${name}`)),
  );
});

/** The URL of a server that returns JSON. */
async function answering(answer: object): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
