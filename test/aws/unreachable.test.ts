import { createServer as createHttpServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fromAws } from '../../src/aws/errors.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { listen, stop } from '../emulator/support.ts';
import { createInProcess, type InProcessOptions } from '../support/service.ts';

const CREDENTIALS = { accessKeyId: 'AKIDSECRET', secretAccessKey: 'secret' };
const LIST = '{ clientCertificates { nodes { id } } }';
const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';

/** The service without a reachable AWS. `attempts` has the operations that were tried. */
async function startOn(upstream: NonNullable<InProcessOptions['upstream']>) {
  const attempts: string[] = [];
  const { query } = await createInProcess({
    upstream,
    env: { UPSTREAM_CONNECT_TIMEOUT_MS: '2000', UPSTREAM_REQUEST_TIMEOUT_MS: '2000' },
    metrics: { ...createMetrics(), awsCall: ({ operation }) => attempts.push(operation) },
  });
  return { attempts, query };
}

/** Nothing listens here: no system hands out this port when a free one is requested. */
const NOWHERE = 'http://127.0.0.1:1';

test('AWS cannot be reached if nothing listens', async () => {
  const { attempts, query } = await startOn({ endpoint: NOWHERE, credentials: CREDENTIALS });
  expect(await query(LIST)).toMatchObject({
    errors: [{ message: 'AWS cannot be reached.', extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
  });
  expect(attempts).toHaveLength(3);
});

test('a generate that cannot reach AWS certainly made no certificate', async () => {
  const { attempts, query } = await startOn({ endpoint: NOWHERE, credentials: CREDENTIALS });
  const { errors } = await query(GENERATE);
  expect(errors?.[0]?.message).toBe('AWS cannot be reached.');
  expect(attempts).toEqual(['GenerateClientCertificate']);
});

test.for(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])(
  '%s means that AWS cannot be reached',
  (code) => {
    const { error } = fromAws(
      Object.assign(new Error('getaddrinfo 10.0.0.1'), { code }),
      'GenerateClientCertificate',
    );
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'AWS cannot be reached.',
      mayHaveHappened: false,
    });
  },
);

const handshakes: { code: string; message?: string }[] = [
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'].map((code) => ({
    code,
  })),
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'HOSTNAME_MISMATCH'].map((code) => ({
    code,
  })),
  {
    code: 'EPROTO',
    message: 'write EPROTO 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:..',
  },
  { code: 'EPROTO', message: 'write EPROTO 80:error:0A00042E:SSL routines::tlsv1 alert protocol version:..' },
  {
    code: 'ECONNRESET',
    message: 'Client network socket disconnected before secure TLS connection was established',
  },
];

test.for(handshakes)(
  '$code means that AWS cannot be reached, and that nothing was sent',
  ({ code, message = '' }) => {
    const { error } = fromAws(Object.assign(new Error(message), { code }), 'GenerateClientCertificate');
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'AWS cannot be reached.',
      mayHaveHappened: false,
    });
  },
);

test.for([
  {
    code: 'EPROTO',
    message: 'write EPROTO 80:error:0A000119:SSL routines::decryption failed or bad record mac:..',
  },
  { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', message: 'tlsv13 alert certificate required' },
])('$code can occur after something was sent', ({ code, message }) => {
  const { error } = fromAws(Object.assign(new Error(message), { code }), 'GenerateClientCertificate');
  expect(error).toMatchObject({ message: 'AWS cannot be reached.', mayHaveHappened: true });
});

test('AWS cannot be reached if it does not speak TLS', async () => {
  const server = createHttpServer();
  const endpoint = (await listen(server)).replace('http:', 'https:');
  onTestFinished(() => stop(server));
  const { query } = await startOn({ endpoint, credentials: CREDENTIALS });
  for (const text of [LIST, GENERATE])
    expect((await query(text)).errors?.[0]?.message).toBe('AWS cannot be reached.');
});

test('a service without credentials says only that AWS refuses them', async () => {
  for (const name of [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { attempts, query } = await startOn({ endpoint: NOWHERE });
  const { errors } = await query(LIST);
  expect(errors).toMatchObject([
    {
      message: 'AWS refuses the credentials of this service.',
      extensions: { code: 'UPSTREAM_DENIED' },
    },
  ]);
  expect(attempts).toEqual([]);
});

test.for<[retryAfterSeconds: string | null | undefined, seconds: number]>([
  ['7', 7],
  [null, 1],
  [undefined, 1],
  ['soon', 1],
])('when AWS says %j, the client is told to try again after %i s', ([retryAfterSeconds, seconds]) => {
  const exception = Object.assign(new Error('slow down'), {
    name: 'TooManyRequestsException',
    retryAfterSeconds,
  });
  expect(fromAws(exception, 'GetClientCertificates').error.extensions).toEqual({
    code: 'THROTTLED',
    retryAfterSeconds: seconds,
  });
});

test.for([['a string'], [undefined], [null], [{}], [5]])(
  '%j instead of an exception is an unreadable answer',
  ([thrown]) => {
    expect(fromAws(thrown, 'GetClientCertificates').error).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'AWS sent an answer that cannot be read.',
    });
  },
);
