import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { type Fault, html502, isoDates } from '../../src/emulator/fault.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { examples, startService, withoutRequestIds } from '../support/service.ts';

const SECRET =
  'User: arn:aws:iam::123456789012:user/certway (AKIDSECRET) at 10.0.0.1 is not authorized to perform this';
const LEAK =
  /123456789012|AKID|test|10\.0\.0|127\.0\.0|localhost|node_modules|\.ts|Exception|Error|html|ECONN|socket/;

const refused = (status: number, type: string): Fault => ({
  kind: 'error',
  error: new AwsError(status, type, SECRET),
});
const page = (status: number, body: string): Fault => ({
  kind: 'raw',
  status,
  contentType: 'text/html',
  body,
});

type Failure = {
  fault: Fault;
  code: string;
  message: string;
  /** How often a read is tried. */
  attempts: 1 | 3;
  /** It is not known what was done to the certificate. */
  isUnsure?: true;
};

const unavailable = { code: 'UPSTREAM_UNAVAILABLE', message: 'AWS is temporarily unavailable.' };
const rubbish = { code: 'UPSTREAM_UNAVAILABLE', message: 'AWS sent an answer that cannot be read.' };
const timeout = { code: 'UPSTREAM_TIMEOUT', message: 'AWS did not answer in time.' };
const denied = { code: 'UPSTREAM_DENIED', message: 'AWS refuses the credentials of this service.' };

const FAILURES: Record<string, Failure> = {
  'a 500': { fault: refused(500, 'InternalFailure'), ...unavailable, attempts: 3, isUnsure: true },
  'a 502': { fault: refused(502, 'BadGatewayException'), ...unavailable, attempts: 3, isUnsure: true },
  'a 503': {
    fault: refused(503, 'ServiceUnavailableException'),
    ...unavailable,
    attempts: 3,
    isUnsure: true,
  },
  'a 504': {
    fault: refused(504, 'EndpointRequestTimedOutException'),
    ...unavailable,
    attempts: 3,
    isUnsure: true,
  },
  'an HTML page with 502': { fault: html502, ...unavailable, attempts: 3, isUnsure: true },
  'an HTML page with 200': {
    fault: page(200, '<html>10.0.0.1</html>'),
    ...rubbish,
    attempts: 1,
    isUnsure: true,
  },
  'half of a JSON text': { fault: page(200, '{"item": [{'), ...rubbish, attempts: 1, isUnsure: true },
  'dates in ISO 8601': { fault: isoDates, ...rubbish, attempts: 1, isUnsure: true },
  'an answer that is cut off': { fault: { kind: 'cut-off' }, ...unavailable, attempts: 3, isUnsure: true },
  'an answer that stalls': { fault: { kind: 'stall' }, ...timeout, attempts: 3, isUnsure: true },
  'an answer that is late': {
    fault: { kind: 'slow', delayMs: 2000 },
    ...timeout,
    attempts: 3,
    isUnsure: true,
  },
  'no answer': { fault: { kind: 'no-answer' }, ...timeout, attempts: 3, isUnsure: true },
  'a 403 for a lack of rights': { fault: refused(403, 'AccessDeniedException'), ...denied, attempts: 1 },
  'a 403 for an unknown key': { fault: refused(403, 'UnrecognizedClientException'), ...denied, attempts: 1 },
  'a 403 for an expired token': { fault: refused(403, 'ExpiredTokenException'), ...denied, attempts: 1 },
  'a 403 for a wrong signature': { fault: refused(403, 'InvalidSignatureException'), ...denied, attempts: 1 },
  'a 403 page of a firewall': { fault: page(403, '<html>10.0.0.1</html>'), ...denied, attempts: 1 },
  'a 401': { fault: refused(401, 'UnauthorizedException'), ...denied, attempts: 1 },
  'a status that nobody knows': {
    fault: refused(418, 'TeapotException'),
    ...rubbish,
    attempts: 1,
    isUnsure: true,
  },
};

const NAMES = Object.keys(FAILURES);
const failureOf = (name: string): Failure => FAILURES[name] ?? { fault: html502, ...rubbish, attempts: 1 };

/** The timeout is short only where the failure is a timeout. */
async function start(code = '') {
  const begun: string[] = [];
  const service = await startService({
    emulator: { examples: examples(2) },
    env: code === 'UPSTREAM_TIMEOUT' ? { UPSTREAM_REQUEST_TIMEOUT_MS: '300' } : {},
    metrics: { ...createMetrics(), awsCall: ({ operation }) => begun.push(operation) },
  });
  // on a busy machine, one that is soon over may be so before it reaches AWS
  return { ...service, attempts: code === 'UPSTREAM_TIMEOUT' ? begun : service.calls };
}

test.for([
  ['GetClientCertificates', ['clientCertificates', 'nodes'], '{ clientCertificates { nodes { id } } }'],
  ['GetClientCertificate', ['clientCertificate'], '{ clientCertificate(id: "c000") { id createdDate } }'],
] as const)(
  'every failure of %s is one error with its code, and reveals nothing else',
  async ([operation, path, query]) => {
    await Promise.all(
      NAMES.map(async (name) => {
        const { fault, code, message, attempts: count } = failureOf(name);
        const { attempts, fail, post } = await start(code);
        fail(() => fault);
        const response = await post({ query });
        const text = await response.text();
        expect.soft(response.status, name).toBe(200);
        expect.soft(text, name).not.toMatch(LEAK);
        expect.soft(withoutRequestIds(JSON.parse(text)), name).toEqual({
          data: operation === 'GetClientCertificate' ? { clientCertificate: null } : null,
          errors: [{ message, path, locations: [expect.anything()], extensions: { code } }],
        });
        expect.soft(attempts, name).toEqual(Array.from({ length: count }, () => operation));
      }),
    );
  },
);

test('GenerateClientCertificate is not retried after any failure, and the message says whether a certificate may exist', async () => {
  await Promise.all(
    NAMES.map(async (name) => {
      const { fault, code, message, isUnsure } = failureOf(name);
      const { attempts, fail, post } = await start(code);
      fail(() => fault);
      const response = await post({
        query: 'mutation { generateClientCertificate(input: { description: "x" }) { __typename } }',
      });
      const { errors = [] } = withoutRequestIds(await response.json());
      const hint = ' The client certificate may exist anyway: look at the newest ones before you try again.';
      expect.soft(errors, name).toMatchObject([{ extensions: { code } }]);
      expect.soft(errors[0]?.message, name).toBe(isUnsure ? message + hint : message);
      expect.soft(attempts, name).toEqual(['GenerateClientCertificate']);
    }),
  );
});

test('ids that are read together fail together, each with its own path', async () => {
  const { calls, fail, query } = await start();
  fail(() => refused(403, 'AccessDeniedException'));
  const { data, errors } = await query(
    '{ a: clientCertificate(id: "c000") { id } b: clientCertificate(id: "c001") { id } }',
  );
  expect(data).toEqual({ a: null, b: null });
  expect(errors?.map(({ path }) => path).toSorted()).toEqual([['a'], ['b']]);
  for (const { extensions } of errors ?? []) expect(extensions).toEqual({ code: 'UPSTREAM_DENIED' });
  expect(calls).toEqual(['GetClientCertificates']);
});

test("the log has AWS's message and request id, under the id of the request", async () => {
  const { fail, log, post } = await start();
  fail(() => refused(403, 'AccessDeniedException'));
  const response = await post(
    { query: '{ clientCertificates { nodes { id } } }' },
    { 'x-request-id': 'request-1' },
  );
  expect(response.headers.get('x-request-id')).toBe('request-1');
  expect(log).toEqual([
    expect.objectContaining({
      level: 'warn',
      requestId: 'request-1',
      code: 'UPSTREAM_DENIED',
      aws: {
        operation: 'GetClientCertificates',
        name: 'AccessDeniedException',
        message: SECRET,
        status: 403,
        denial: { reason: 'not-allowed' },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    }),
  ]);
});
