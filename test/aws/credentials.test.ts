import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { emulate } from '../emulator/support.ts';
import { createInProcess, examples, startService } from '../support/service.ts';
import { lookup, update } from '../support/sharing.ts';
import { useProfile } from './files.ts';

const refused = (name: string, message: string, status = 403): Fault => ({
  kind: 'error',
  error: new AwsError(status, name, message),
});

const deniedAt = async ({ fetch }: { fetch(url: string): Promise<Response> }): Promise<unknown> => {
  const response = await fetch('http://localhost/ready');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { ready, aws } = await response.json();
  expect(ready).toBe(true);
  return aws.denied;
};

const READ = { operation: 'GetClientCertificate' };

test.for<[fault: Fault, denial: object]>([
  [
    refused(
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/x is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/clientcertificates',
    ),
    { reason: 'not-allowed', action: 'apigateway:GET' },
  ],
  [refused('AccessDeniedException', 'no'), { reason: 'not-allowed' }],
  [refused('UnauthorizedException', 'no', 401), { reason: 'not-allowed' }],
  [
    refused('ExpiredTokenException', 'The security token included in the request is expired'),
    { reason: 'expired' },
  ],
  [refused('UnrecognizedClientException', 'invalid'), { reason: 'unknown-key' }],
  [
    refused('InvalidSignatureException', 'The request signature we calculated'),
    { reason: 'wrong-signature' },
  ],
  [{ kind: 'raw', status: 403, contentType: 'text/html', body: '<html>' }, { reason: 'other' }],
])('%j is reported to the operator, and to no client', async ([fault, denial]) => {
  const { fail, log, metrics, query, server } = await startService({ emulator: { examples: examples(2) } });
  expect(await deniedAt(server)).toEqual([]);
  fail(() => fault);
  expect((await query(lookup('c000'))).errors).toMatchObject([
    { message: 'AWS refuses the credentials of this service.', extensions: { code: 'UPSTREAM_DENIED' } },
  ]);
  expect(await deniedAt(server)).toEqual([{ ...READ, ...denial }]);
  expect(log).toMatchObject([{ code: 'UPSTREAM_DENIED', aws: { denial } }]);
  const { reason } = denial as { reason: string };
  expect(await metrics.text()).toContain(
    `certway_aws_denied_total{operation="GetClientCertificate",reason="${reason}"} 1`,
  );
  fail(() => undefined);
  await query(lookup('c000'));
  expect(await deniedAt(server)).toEqual([]);
});

test('a missing permission is reported until it is granted, whatever else AWS allows', async () => {
  const { fail, query, server } = await startService({ emulator: { examples: examples(2) } });
  fail((operation) => (operation.startsWith('Get') ? undefined : refused('AccessDeniedException', 'no')));
  await query(update('c000', 'new'));
  await query(lookup('c000'));
  expect(await deniedAt(server)).toEqual([{ operation: 'UpdateClientCertificate', reason: 'not-allowed' }]);
  fail(() => undefined);
  await query(update('c000', 'new'));
  expect(await deniedAt(server)).toEqual([]);
});

/** The service with the credentials of a profile; the emulator takes those of `KEY` alone. */
async function startWithProfile() {
  const has = await useProfile('certway');
  let elapsedMs = 1_000_000;
  const { url } = await emulate({
    examples: examples(2),
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'SECRET' },
  });
  const { server, post } = await createInProcess({
    upstream: { endpoint: url },
    clock: { elapsedMs: () => elapsedMs },
  });
  return {
    server,
    has,
    pass: (ms: number) => {
      elapsedMs += ms;
    },
    read: async (): Promise<string> => {
      const response = await post({ query: lookup('c000') });
      const { errors } = await response.json();
      return errors?.[0].extensions.code ?? 'ok';
    },
  };
}

test('changed credentials of a profile are read again once AWS refuses the old ones, at most every 30 s', async () => {
  const { has, pass, read, server } = await startWithProfile();
  await has('OLD', 'SECRET');
  expect(await read()).toBe('UPSTREAM_DENIED');
  expect(await deniedAt(server)).toEqual([{ ...READ, reason: 'unknown-key' }]);
  await has('KEY', 'SECRET');
  for (const ms of [0, 15_000, 14_999]) {
    pass(ms);
    expect(await read()).toBe('UPSTREAM_DENIED');
  }
  pass(1);
  expect(await read()).toBe('UPSTREAM_DENIED'); // and reads the credentials again
  expect(await read()).toBe('ok');
  expect(await deniedAt(server)).toEqual([]);
});

test('if there were no credentials, new ones are found at once', async () => {
  const { has, read, server } = await startWithProfile();
  expect(await read()).toBe('UPSTREAM_DENIED');
  expect(await deniedAt(server)).toEqual([{ ...READ, reason: 'no-credentials' }]);
  await has('KEY', 'SECRET');
  expect(await read()).toBe('ok');
  expect(await deniedAt(server)).toEqual([]);
});
