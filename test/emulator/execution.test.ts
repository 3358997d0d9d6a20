import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import {
  CreateDeploymentCommand,
  GetClientCertificateCommand,
  PutIntegrationCommand,
  TestInvokeMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { fingerprintOf, startBackend } from './backend.ts';
import { emulate, listen, oneKeyPair, stop } from './support.ts';

const createdDate = new Date();
const root = { restApiId: 'r1', resourceId: 'r1root', httpMethod: 'ANY' };

/** An API `r1` whose stage `prod` has the certificate `a`; there is `b` as well. */
async function emulateDeployed(backend: string, options: EmulatorOptions & { stage?: object } = {}) {
  const { stage = { clientCertificateId: 'a' }, ...rest } = options;
  const emulator = await emulate({
    examples: ['a', 'b'].map((id) => ({ id, createdDate })),
    restApis: [{ id: 'r1', backend, stages: [{ stageName: 'prod', ...stage }] }],
    generateKeyPair: () => oneKeyPair,
    ...rest,
  });
  const { client, url } = emulator;
  return {
    ...emulator,
    fingerprint: async (clientCertificateId: string) =>
      fingerprintOf(
        (await client.send(new GetClientCertificateCommand({ clientCertificateId }))).pemEncodedCertificate,
      ),
    invoke: async (path = '', init: RequestInit = {}) => {
      const response = await fetch(`${url}/_aws/execute-api/r1/prod${path}`, { redirect: 'manual', ...init });
      const text = await response.text();
      const { status, headers } = response;
      return { status, headers, body: text.startsWith('{') ? JSON.parse(text) : text };
    },
  };
}

test('a request to a stage arrives at its backend with the certificate of the stage', async () => {
  const backend = await startBackend();
  const { invoke, fingerprint } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const { status, headers, body } = await invoke('/orders/7?x=1&y=a%20b', {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'x-client': 'yes' },
  });
  expect(status).toBe(201);
  expect(headers.get('x-backend')).toBe('yes');
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(body).toMatchObject({
    method: 'POST',
    url: '/orders/7?x=1&y=a%20b',
    body: '{"a":1}',
    headers: { 'x-client': 'yes', host: `localhost:${backend.port}`, 'content-length': '7' },
    fingerprint: await fingerprint('a'),
  });
});

test('a stage presents its new certificate from the next request on, and then none', async () => {
  const backend = await startBackend();
  const { invoke, fingerprint, client } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const attach = (value: string) =>
    client.send(
      new UpdateStageCommand({
        restApiId: 'r1',
        stageName: 'prod',
        patchOperations: [{ op: 'replace', path: '/clientCertificateId', value }],
      }),
    );
  await invoke();
  await attach('b');
  await invoke();
  await attach('');
  await invoke();
  expect(backend.seen.map((seen) => seen.fingerprint)).toEqual([
    await fingerprint('a'),
    await fingerprint('b'),
    undefined,
  ]);
});

test('a changed integration is called once it is deployed', async () => {
  const [first, second] = [await startBackend(), await startBackend()];
  const { invoke, client } = await emulateDeployed(first.url, { backendCa: first.ca + second.ca });
  await client.send(
    new PutIntegrationCommand({
      ...root,
      type: 'HTTP',
      integrationHttpMethod: 'PUT',
      uri: `${second.url}/fixed`,
    }),
  );
  await invoke();
  await client.send(new CreateDeploymentCommand({ restApiId: 'r1', stageName: 'prod' }));
  await invoke();
  expect([first.seen.length, second.seen.length]).toEqual([1, 1]);
  expect(second.seen).toMatchObject([{ method: 'PUT', url: '/fixed' }]);
});

test('variables of the stage and parts of the path are in the URI', async () => {
  const backend = await startBackend();
  const { invoke, client } = await emulateDeployed('https://localhost', {
    backendCa: backend.ca,
    stage: { variables: { port: String(backend.port) } },
  });
  await client.send(
    new PutIntegrationCommand({
      ...root,
      resourceId: 'r1rootproxy',
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'ANY',
      uri: `https://localhost:${'$'}{stageVariables.port}/v1/{rest}?k=1`,
      requestParameters: { 'integration.request.path.rest': 'method.request.path.proxy' },
    }),
  );
  await client.send(new CreateDeploymentCommand({ restApiId: 'r1', stageName: 'prod' }));
  expect(await invoke('/a/b%2Fc?x=1')).toMatchObject({ body: { url: '/v1/a/b%2Fc?k=1&x=1' } });
});

test('a backend with an unknown certificate is not trusted', async () => {
  const backend = await startBackend();
  const { invoke } = await emulateDeployed(backend.url);
  expect(await invoke()).toMatchObject({
    status: 500,
    body: {
      message: 'Internal server error',
      log: ['Execution failed due to configuration error: DEPTH_ZERO_SELF_SIGNED_CERT'],
    },
  });
  expect(backend.seen).toEqual([]);
});

test('insecureSkipVerification takes any issuer, but no other host', async () => {
  const backend = await startBackend();
  const { invoke, client } = await emulateDeployed(backend.url);
  for (const [host, status] of [
    ['localhost', 201],
    ['127.0.0.1', 500],
  ] as const) {
    await client.send(
      new PutIntegrationCommand({
        ...root,
        type: 'HTTP_PROXY',
        integrationHttpMethod: 'ANY',
        uri: `https://${host}:${backend.port}/`,
        tlsConfig: { insecureSkipVerification: true },
      }),
    );
    await client.send(new CreateDeploymentCommand({ restApiId: 'r1', stageName: 'prod' }));
    expect(await invoke()).toMatchObject({ status });
  }
});

test('a certificate that is gone, or that is one of ACM, cannot be presented', async () => {
  const backend = await startBackend();
  for (const id of ['zzzzzz', 'arn:aws:acm:us-east-1:111111111111:certificate/0a1b']) {
    const stage = { clientCertificateId: id };
    const { invoke } = await emulateDeployed(backend.url, { backendCa: backend.ca, stage });
    const log = [
      `Execution failed due to configuration error: The emulator has no client certificate ${id} with a private key`,
    ];
    expect(await invoke()).toMatchObject({ status: 500, body: { log } });
  }
  expect(backend.seen).toEqual([]);
});

test('a backend that is not there, that hangs up or that is too slow is 504', async () => {
  const gone = createServer();
  const url = await listen(gone);
  await stop(gone);
  const { invoke } = await emulateDeployed(url);
  expect(await invoke()).toMatchObject({
    status: 504,
    body: { message: 'Network error communicating with endpoint' },
  });
  const rude = await startBackend((response) => response.destroy());
  const { invoke: invokeRude } = await emulateDeployed(rude.url, { backendCa: rude.ca });
  expect(await invokeRude()).toMatchObject({ status: 504 });
  const silent = await startBackend(() => undefined);
  const { invoke: invokeSilent, client } = await emulateDeployed(silent.url, { backendCa: silent.ca });
  await client.send(
    new PutIntegrationCommand({
      ...root,
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'ANY',
      uri: silent.url,
      timeoutInMillis: 50,
    }),
  );
  await client.send(new CreateDeploymentCommand({ restApiId: 'r1', stageName: 'prod' }));
  expect(await invokeSilent()).toMatchObject({
    status: 504,
    body: { message: 'Endpoint request timed out' },
  });
});

test('a backend that changes the protocol, which nobody asked for, is 504', async () => {
  const backend = createServer();
  backend.on('connection', (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'),
  );
  const url = await listen(backend);
  onTestFinished(() => stop(backend));
  const { invoke } = await emulateDeployed(url);
  expect(await invoke()).toMatchObject({
    status: 504,
    body: { message: 'Network error communicating with endpoint' },
  });
});

test('headers that are about one connection are not passed on, in either direction', async () => {
  const backend = createServer((request, response) => {
    response.writeHead(200, { connection: 'close, X-Hop', 'x-hop': 'yes' });
    response.end(JSON.stringify(request.headers));
  });
  const url = await listen(backend);
  onTestFinished(() => stop(backend));
  const { client } = await emulateDeployed(url);
  const headers = { connection: 'X-Own , other', 'x-own': 'yes', 'x-other': 'yes' };
  const invoked = await client.send(new TestInvokeMethodCommand({ ...root, headers }));
  expect(invoked.headers).not.toHaveProperty('x-hop');
  const { 'x-own': own, 'x-other': other } = JSON.parse(invoked.body ?? '');
  expect([own, other]).toEqual([undefined, 'yes']);
});

test('a redirection is an answer like any', async () => {
  const backend = await startBackend((response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  );
  const { invoke } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const { status, headers } = await invoke();
  expect([status, headers.get('location')]).toEqual([302, 'http://169.254.169.254/']);
});

test('an API or a stage that does not exist is forbidden', async () => {
  const { http } = await emulateDeployed('http://localhost:1');
  for (const path of ['/zz/prod', '/r1/zz', '/r1/%zz'])
    expect(await http(`/_aws/execute-api${path}`)).toMatchObject({
      status: 403,
      body: { message: 'Forbidden' },
    });
});

test.each(['an invocation', 'TestInvokeMethod'])(
  'the call of %s ends when its client has left',
  async (what) => {
    const called = Promise.withResolvers<ServerResponse>();
    const backend = await startBackend(called.resolve);
    const { invoke, client } = await emulateDeployed(backend.url, { backendCa: backend.ca });
    const caller = new AbortController();
    const invoked =
      what === 'an invocation'
        ? invoke('', { signal: caller.signal })
        : client.send(new TestInvokeMethodCommand(root), { abortSignal: caller.signal });
    const response = await called.promise;
    caller.abort();
    await expect(invoked).rejects.toThrow('aborted');
    await new Promise((resolve) => response.once('close', resolve));
    expect(response.writableFinished).toBe(false);
  },
);

test('a request whose client leaves in the middle is not executed', async () => {
  const backend = await startBackend();
  const { invoke, server, url } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const headers = { 'content-length': 1000 };
  const client = request(`${url}/_aws/execute-api/r1/prod/pay`, { method: 'POST', headers });
  client.on('error', () => undefined).write('{"amount":');
  const [, response] = await once(server, 'request');
  client.destroy();
  await new Promise((resolve) => response.once('close', resolve));
  await invoke('/next');
  expect(backend.seen.map(({ url: path }) => path)).toEqual(['/next']);
});

test('a request whose client has left before the examples were made is not executed', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const backend = await startBackend();
  const { invoke, server } = await emulateDeployed(backend.url, {
    backendCa: backend.ca,
    generateKeyPair: () => released.then(() => oneKeyPair),
  });
  const client = new AbortController();
  const invoked = invoke('/left', { signal: client.signal });
  const [, response] = await once(server, 'request');
  client.abort();
  await expect(invoked).rejects.toThrow('aborted');
  await new Promise((resolve) => response.once('close', resolve));
  release();
  await invoke('/next');
  expect(backend.seen.map(({ url: path }) => path)).toEqual(['/next']);
});

test('32 calls are under way at once', async () => {
  const waiting: ServerResponse[] = [];
  const all = Promise.withResolvers<void>();
  const backend = await startBackend((response) => {
    if (waiting.push(response) === 32) all.resolve();
  });
  const { invoke } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const calls = Array.from({ length: 32 }, () => invoke());
  await all.promise;
  expect(await invoke()).toMatchObject({ status: 429, body: { message: 'Too Many Requests' } });
  for (const response of waiting) response.end();
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('a path that has no resource is answered as AWS answers it', async () => {
  const { client, http } = await emulateDeployed('http://localhost:1');
  const { body: api } = await http('/restapis', { method: 'POST', body: '{"name":"x"}' });
  const method = { restApiId: api.id, resourceId: api.rootResourceId, httpMethod: 'GET' };
  await http(`/restapis/${api.id}/resources/${api.rootResourceId}/methods/GET`, { method: 'PUT' });
  await client.send(
    new PutIntegrationCommand({
      ...method,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode": 204}' },
    }),
  );
  await client.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: 'prod' }));
  const at = `/_aws/execute-api/${api.id}/prod`;
  expect(await http(at)).toMatchObject({ status: 204 });
  for (const answer of [await http(`${at}/other`), await http(at, { method: 'POST' })])
    expect(answer).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
});

test('pages of browsers cannot invoke a stage', async () => {
  const backend = await startBackend();
  const { invoke } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  for (const headers of [{ origin: 'http://127.0.0.1' }, { 'sec-fetch-site': 'cross-site' }] as HeadersInit[])
    expect(await invoke('', { headers })).toMatchObject({
      status: 403,
      body: { message: 'This emulator answers no pages of browsers.' },
    });
  expect(backend.seen).toEqual([]);
});

test('an emulator that is its own backend says so', async () => {
  const server = await emulate();
  const { invoke } = await emulateDeployed(`${server.url}/_aws/execute-api/r1/prod`);
  expect(await invoke()).toMatchObject({ status: 508, body: { message: 'Loop Detected' } });
});

test('a payload has 10 MiB at most, in both directions', async () => {
  const chunk = Buffer.alloc(1024 * 1024);
  const backend = await startBackend((response) => {
    for (let i = 0; i < 11; i += 1) response.write(chunk);
    response.end();
  });
  const { invoke } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const body = Buffer.alloc(10 * 1024 * 1024 + 1);
  expect(await invoke('', { method: 'POST', body })).toMatchObject({
    status: 413,
    body: { message: 'HTTP content length exceeded 10485760 bytes.' },
  });
  expect(backend.seen).toEqual([]);
  await expect(invoke()).rejects.toThrow('terminated');
});

test('TestInvokeMethod calls the backend with the certificate that it names', async () => {
  const backend = await startBackend();
  const { client, fingerprint } = await emulateDeployed(backend.url, { backendCa: backend.ca });
  const invoked = await client.send(
    new TestInvokeMethodCommand({
      ...root,
      resourceId: 'r1rootproxy',
      httpMethod: 'ANY',
      clientCertificateId: 'b',
      pathWithQueryString: '/orders/7?x=1',
      headers: { 'X-Client': 'yes' },
    }),
  );
  expect(invoked).toMatchObject({ status: 201, headers: { 'x-backend': 'yes', 'set-cookie': 'a=1,b=2' } });
  expect(invoked.multiValueHeaders).toMatchObject({ 'set-cookie': ['a=1', 'b=2'] });
  expect(JSON.parse(invoked.body ?? '')).toMatchObject({
    method: 'GET',
    url: '/orders/7?x=1',
    headers: { 'x-client': 'yes' },
    fingerprint: await fingerprint('b'),
  });
  expect(invoked.latency).toBeGreaterThanOrEqual(0);
  const lines = (invoked.log ?? '').split('\n');
  expect(lines[0]).toMatch(/^Execution log for request [0-9a-f-]{36}$/);
  expect(lines.map((line) => line.replace(/^\w{3} \w{3} \d\d [\d:]{8} UTC \d{4} : /, '* '))).toEqual(
    expect.arrayContaining([
      '* HTTP Method: GET, Resource Path: /orders/7',
      '* Method request path: {proxy=orders/7}',
      '* Method request query string: {x=1}',
      '* Method request headers: {x-client=yes}',
      `* Endpoint request URI: ${backend.url}/orders/7?x=1`,
      '* Successfully completed execution',
      '* Method completed with status: 201',
    ]),
  );
});

test('TestInvokeMethod answers 200 for a backend that fails, with the reason in the log', async () => {
  const backend = await startBackend();
  const { client } = await emulateDeployed(backend.url);
  expect(await client.send(new TestInvokeMethodCommand(root))).toMatchObject({
    status: 500,
    body: '{"message":"Internal server error"}',
    headers: { 'x-amzn-ErrorType': 'InternalServerErrorException' },
    log: expect.stringContaining('configuration error: DEPTH_ZERO_SELF_SIGNED_CERT'),
    $metadata: { httpStatusCode: 200 },
  });
});

test.each(['', 'y'])(
  'the log of TestInvokeMethod has no half of a character of a long body after "%s"',
  async (before) => {
    const body = `${before}${'😀'.repeat(1000)}`;
    const backend = await startBackend((response) => response.end(body));
    const { client } = await emulateDeployed(backend.url, { backendCa: backend.ca });
    const { log = '' } = await client.send(new TestInvokeMethodCommand({ ...root, body }));
    expect(log.match(/ \[TRUNCATED\]/g)).toHaveLength(2);
    expect(log.isWellFormed()).toBe(true);
  },
);

test.each(['/%zz', '/%E0%A4%A', '//', 'http://['])(
  'TestInvokeMethod takes the path %s as it is, or refuses it',
  async (pathWithQueryString) => {
    const { client } = await emulateDeployed('http://localhost:1');
    const { status } = await client
      .send(new TestInvokeMethodCommand({ ...root, pathWithQueryString }))
      .catch((error) => ({ status: error.$metadata.httpStatusCode }));
    expect(status).toBe(pathWithQueryString.startsWith('/') ? 504 : 400);
  },
);

test('the path of TestInvokeMethod has no host', async () => {
  const { client } = await emulateDeployed('http://localhost:1');
  const { log } = await client.send(
    new TestInvokeMethodCommand({ ...root, resourceId: 'r1rootproxy', pathWithQueryString: '//a/b?x=1' }),
  );
  expect(log).toContain('Resource Path: //a/b\n');
  expect(log).toContain('Method request path: {proxy=a/b}\n');
});

test('TestInvokeMethod does not know a method, a resource or a certificate', async () => {
  const { client } = await emulateDeployed('http://localhost:1');
  for (const [input, message] of [
    [{ httpMethod: 'GET' }, 'Invalid Method identifier specified'],
    [{ resourceId: 'zzzzzz' }, 'Invalid Resource identifier specified'],
    [{ clientCertificateId: 'zzzzzz' }, 'Invalid Client Certificate identifier specified'],
  ] as const)
    await expect(client.send(new TestInvokeMethodCommand({ ...root, ...input }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message,
    });
});
