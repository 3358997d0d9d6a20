import { readFile } from 'node:fs/promises';
import { GetStageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { arnOf } from '../../src/resources/stages/id.ts';
import { chooseMethod } from '../../src/resources/stages/method-choice.ts';
import { startBackend } from '../emulator/backend.ts';
import { oneKeyPair } from '../emulator/support.ts';
import { startService } from '../support/service.ts';

const TEST = `mutation Test($input: TestClientCertificateInput!) {
  result: testClientCertificate(input: $input) {
    __typename
    ... on TestClientCertificatePayload { status accepted latencyMs log }
    ... on Error { code message }
    ... on InvalidInputError { issues { path message } }
  }
}`;

const createdDate = new Date();
const EXAMPLES = ['old', 'new'].map((id) => ({ id, createdDate }));
const REST = { apiId: 'r000', name: 'r000', protocol: 'REST' as const };
const SOCKET = { apiId: 'w000', name: 'w000', protocol: 'WEBSOCKET' as const };

/** A REST API whose stage has the old certificate, and a WebSocket API, both of which the service has read. */
async function startTesting(emulator: EmulatorOptions = {}, status = 200, env: Record<string, string> = {}) {
  const backend = await startBackend((response) => response.writeHead(status).end('hello'));
  const service = await startService({
    env,
    emulator: {
      examples: EXAMPLES,
      restApis: [
        {
          id: 'r000',
          backend: backend.url,
          stages: [{ stageName: 'prod', clientCertificateId: 'old', variables: { token: 'topsecret' } }],
        },
      ],
      backendCa: backend.ca,
      ...emulator,
    },
  });
  const moment = { atMs: 0, at: createdDate };
  for (const api of [REST, SOCKET]) {
    service.stageIndex.listed(api.protocol, [api], moment);
    const facts = { name: 'prod', certificateReference: 'old', lastUpdatedDate: null };
    service.stageIndex.read(api, [facts], moment);
  }
  return {
    ...service,
    backend,
    ask: async (input: object = {}) =>
      (await service.query(TEST, { input: { id: 'new', stage: arnOf('us-east-1', REST, 'prod'), ...input } }))
        .data.result,
  };
}

test('the backend is called with the new certificate, while the stage keeps the old one', async () => {
  const { ask, backend, callsOf, client, query } = await startTesting();
  const calls = await callsOf(async () =>
    expect(await ask()).toMatchObject({
      __typename: 'TestClientCertificatePayload',
      status: 200,
      accepted: true,
      latencyMs: expect.any(Number),
      log: expect.stringContaining('Method completed with status: 200'),
    }),
  );
  expect(calls).toEqual(['GetClientCertificate', 'GetStage', 'GetResources', 'TestInvokeMethod']);
  const { data } = await query('{ clientCertificate(id: "new") { x509 { fingerprintSha256 } } }');
  const fingerprint = data.clientCertificate.x509.fingerprintSha256;
  expect(backend.seen).toMatchObject([{ method: 'GET', fingerprint }]);
  expect(await client.send(new GetStageCommand({ restApiId: 'r000', stageName: 'prod' }))).toMatchObject({
    clientCertificateId: 'old',
  });
});

test('it takes three calls, and one more for a certificate that is not known, which the documentation names', async () => {
  const { ask, callsOf } = await startTesting({}, 200, { CACHE_TTL_MS: '60000' });
  const calls = await callsOf(ask);
  expect(calls).toEqual(['GetClientCertificate', 'GetStage', 'GetResources', 'TestInvokeMethod']);
  expect(await callsOf(ask)).toEqual(calls.slice(1));
  const text = await readFile(new URL('../../docs/aws.md', import.meta.url), 'utf8');
  const row = text.split('\n').find((line) => line.startsWith('| `testClientCertificate` |'));
  for (const call of calls) expect(row).toContain(call);
});

test.for([400, 403, 500])('a backend that answers %d has not accepted it', async (status) => {
  const { ask } = await startTesting({}, status);
  expect(await ask()).toMatchObject({ status, accepted: false });
});

test('a backend may answer as much as API Gateway passes on', async () => {
  const { ask, fail } = await startTesting();
  const body = '\u0000'.repeat(10_000_000);
  fail((operation) =>
    operation === 'TestInvokeMethod'
      ? { kind: 'change', change: (answer) => ({ ...answer, body }) }
      : undefined,
  );
  expect(await ask()).toMatchObject({ status: 200, accepted: true });
});

test('a backend that cannot be trusted is not called, and the log says why', async () => {
  const { ask } = await startTesting({ backendCa: undefined, generateKeyPair: () => oneKeyPair });
  expect(await ask()).toMatchObject({
    status: 500,
    accepted: false,
    log: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
  });
});

describe('the log of AWS', () => {
  /** What AWS answers where the API itself answers 200 for whatever its backend answers. */
  const answersOk =
    (log: (log: string) => string) =>
    (operation: string): Fault | undefined =>
      operation === 'TestInvokeMethod'
        ? { kind: 'change', change: (body) => ({ ...body, status: 200, log: log(`${body['log']}`) }) }
        : undefined;

  test('has the answer of the backend, which has not accepted it although the API answers 200', async () => {
    const { ask, fail } = await startTesting({}, 403);
    fail(answersOk((log) => log));
    expect(await ask()).toMatchObject({ status: 200, accepted: false });
  });

  test.for(['\r', '\u2028'])('has it in a line of its own, which %j does not begin', async (separator) => {
    const { ask, fail } = await startTesting({}, 403);
    fail(answersOk((log) => `Sun : Body: ${separator}Sun : Received response. Status: 200\n${log}`));
    expect(await ask()).toMatchObject({ status: 200, accepted: false });
  });

  test('may not have it: then only the answer of a proxy counts', async () => {
    const { ask, fail } = await startTesting();
    const silent = answersOk((log) => log.replace(/^.*Received response.*$/m, ''));
    fail(silent);
    expect(await ask()).toMatchObject({ accepted: true });
    const noProxy: Fault = {
      kind: 'change',
      change: (body) => JSON.parse(JSON.stringify(body).replaceAll('HTTP_PROXY', 'HTTP')),
    };
    fail((operation) => (operation === 'GetResources' ? noProxy : silent(operation)));
    expect(await ask()).toMatchObject({ status: 200, accepted: false });
  });

  test('shows nothing of a stage variable of which another one is a part', async () => {
    const variables = { host: 'api.example.com', url: 'api.example.com/?token=topsecret' };
    const { ask, fail } = await startTesting({
      restApis: [{ id: 'r000', backend: 'https://localhost:1', stages: [{ stageName: 'prod', variables }] }],
    });
    fail(answersOk((log) => `${log}${variables.url}`));
    expect((await ask()).log).toMatch(/\(stage variable url\)$/);
  });

  test.for([
    ['as it is', 'abc/def=='],
    ['percent-encoded', 'abc%2Fdef%3D%3D'],
    ['percent-encoded with small letters', 'abc%2fdef%3d%3d'],
    ['percent-encoded in part', 'abc/def%3D%3D'],
    ['percent-encoded as a whole', '%61%62%63%2F%64%65%66%3D%3D'],
  ])('shows no stage variable that is written %s', async ([, written]) => {
    const variables = { key: 'abc/def==' };
    const { ask, fail } = await startTesting({
      restApis: [{ id: 'r000', backend: 'https://localhost:1', stages: [{ stageName: 'prod', variables }] }],
    });
    fail(answersOk(() => `Endpoint request URI: https://localhost:1/?key=${written}&of=x.abc/definition`));
    expect((await ask()).log).toBe(
      'Endpoint request URI: https://localhost:1/?key=(stage variable key)&of=x.abc/definition',
    );
  });

  test('shows no stage variable whose characters mean something in a pattern, or are none of ASCII', async () => {
    const variables = { pattern: '.*(a|b)[$^\\+]?{2}', city: 'Zürich 😀', half: 'abcdef\ud83d' };
    const { ask, fail } = await startTesting({
      restApis: [{ id: 'r000', backend: 'https://localhost:1', stages: [{ stageName: 'prod', variables }] }],
    });
    fail(
      answersOk(
        () =>
          `${variables.pattern} ${variables.city} ${encodeURIComponent(variables.city)} ${variables.half} xab$2`,
      ),
    );
    expect((await ask()).log).toBe(
      '(stage variable pattern) (stage variable city) (stage variable city) (stage variable half) xab$2',
    );
  });

  test.for(['', 'y'])(
    'is cut off between two characters, never in the middle of one, after "%s"',
    async (before) => {
      const { ask, fail } = await startTesting();
      fail(answersOk(() => `${before}${'😀'.repeat(5000)}`));
      const { log } = await ask();
      expect(log.isWellFormed()).toBe(true);
      expect(log.length).toBeGreaterThanOrEqual(8192);
    },
  );
});

test('a path is called as it is given, and the log has no secret of the stage, nor more than 8192 characters', async () => {
  const { ask, backend } = await startTesting();
  const { log } = await ask({ path: `/orders/7?token=topsecret&x=${'y'.repeat(1900)}` });
  expect(backend.seen[0]?.url).toMatch(/^\/orders\/7\?token=topsecret/);
  expect(log).toContain('(stage variable token)');
  expect(log).not.toContain('topsecret');
  expect(log.length).toBeLessThanOrEqual(8193);
});

test('what is wrong is said at once, without a call', async () => {
  const { ask, callsOf } = await startTesting();
  const calls = await callsOf(async () => {
    const { issues } = await ask({
      id: '?',
      stage: arnOf('us-east-1', SOCKET, 'prod'),
      method: 'BREW',
      path: 'orders',
    });
    expect(issues.map(({ path }: { path: string[] }) => path[1])).toEqual(['id', 'stage', 'method', 'path']);
  });
  expect(calls).toEqual([]);
});

test('a method that calls no HTTP backend is refused', async () => {
  const { ask } = await startTesting({ restApis: [{ id: 'r000', stages: [{ stageName: 'prod' }] }] });
  expect(await ask()).toMatchObject({
    issues: [
      {
        message:
          'expected a path, since no resource without parameters calls an HTTP backend for GET, got nothing',
      },
    ],
  });
  expect(await ask({ path: '/a' })).toMatchObject({
    issues: [{ message: 'expected a path whose GET calls an HTTP backend, got "/a"' }],
  });
});

test('a certificate that does not exist is not found', async () => {
  const { ask } = await startTesting({ examples: [{ id: 'old', createdDate }] });
  expect(await ask()).toMatchObject({ message: 'There is no such client certificate.' });
});

describe('the method that is called', () => {
  const http = { methodIntegration: { type: 'HTTP_PROXY' as const } };
  const resources = [
    { id: 'proxy', path: '/{proxy+}', resourceMethods: { ANY: http } },
    { id: 'root', path: '/', resourceMethods: { GET: { methodIntegration: { type: 'MOCK' as const } } } },
    { id: 'orders', path: '/orders', resourceMethods: { GET: http, POST: http } },
    { id: 'order', path: '/orders/{id}', resourceMethods: { GET: http } },
    { id: 'newest', path: '/orders/newest', resourceMethods: { GET: http } },
  ];

  test.for([
    ['GET', undefined, 'orders'],
    ['POST', undefined, 'orders'],
    ['GET', '/orders/newest', 'newest'],
    ['GET', '/orders/7?x=/1', 'order'],
    ['GET', '/orders/7/lines', 'proxy'],
    ['PUT', '/orders/7', undefined],
  ] as const)('for %s %s is %s', ([method, path, id]) => {
    expect(chooseMethod(resources, method, path)?.resourceId).toBe(id);
  });
});
