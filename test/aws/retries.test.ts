import { GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { type Fault, html502 } from '../../src/emulator/fault.ts';
import { examples, SHORT_CALLS, startService } from '../support/service.ts';

const LIST = '{ clientCertificates { nodes { clientCertificateId } } }';
const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';
const THROTTLED: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
};
const FAILED: Fault = { kind: 'error', error: new AwsError(500, 'InternalFailure', 'oops') };

/** The service, with these faults in its first AWS calls. */
async function startWith(...faults: Fault[]) {
  const service = await startService({
    emulator: { examples: examples(1) },
    env: faults.some(({ kind }) => kind === 'no-answer') ? SHORT_CALLS : {},
  });
  service.fail(() => faults.shift());
  return service;
}

test.for<[what: string, fault: Fault]>([
  ['that was throttled', THROTTLED],
  ['that failed', FAILED],
  ['whose answer was a page', html502],
  ['whose answer was cut off', { kind: 'cut-off' }],
  ['that was not answered', { kind: 'no-answer' }],
])('a read %s is retried', async ([, fault]) => {
  const { calls, log, query } = await startWith(fault);
  expect(await query(LIST)).toEqual({
    data: { clientCertificates: { nodes: [{ clientCertificateId: 'c000' }] } },
  });
  expect(calls).toEqual(['GetClientCertificates', 'GetClientCertificates']);
  expect(log).toEqual([]);
});

test('a call that stays throttled is THROTTLED, says when to try again, and surely did nothing', async () => {
  await Promise.all(
    [LIST, GENERATE].map(async (operation) => {
      const { calls, query } = await startWith(THROTTLED, THROTTLED, THROTTLED);
      const { data, errors } = await query(operation);
      expect.soft(data).toBeNull();
      expect.soft(errors).toMatchObject([
        {
          message: 'AWS throttles requests at present; try again later.',
          extensions: { code: 'THROTTLED', retryAfterSeconds: 1 },
        },
      ]);
      expect.soft(calls).toHaveLength(3);
    }),
  );
});

test('a throttled generate is retried, because it did nothing', async () => {
  const { calls, query } = await startWith(THROTTLED);
  expect(await query(GENERATE)).toEqual({
    data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } },
  });
  expect(calls).toEqual(['GenerateClientCertificate', 'GenerateClientCertificate']);
});

test.for<[what: string, fault: Fault]>([
  ['a lost answer', { kind: 'cut-off' }],
  ['an answer that lacks the certificate', { kind: 'change', change: () => ({}) }],
])('a generate with %s makes one certificate, not two', async ([, fault]) => {
  const { calls, query } = await startWith(fault);
  const { errors } = await query(GENERATE);
  expect(errors?.[0]?.message).toContain('The client certificate may exist anyway');
  expect(calls).toEqual(['GenerateClientCertificate']);
  const { data } = await query(LIST);
  expect(data.clientCertificates.nodes).toHaveLength(2);
});

test.for<[what: string, fault: Fault]>([
  ['was cut off', { kind: 'cut-off' }],
  ['did not come', { kind: 'no-answer' }],
])('a delete succeeds if its first answer %s', async ([, fault]) => {
  const { calls, client, query } = await startWith(fault);
  expect(
    await query(
      'mutation { deleteClientCertificate(input: { id: "c000", evenIfUsed: true }) { __typename } }',
    ),
  ).toEqual({
    data: { deleteClientCertificate: { __typename: 'DeleteClientCertificatePayload' } },
  });
  expect(calls).toEqual(['DeleteClientCertificate', 'DeleteClientCertificate']);
  await expect(
    client.send(new GetClientCertificateCommand({ clientCertificateId: 'c000' })),
  ).rejects.toThrow();
});

test('a delete of what never existed finds nothing, also if its first attempt was throttled', async () => {
  const { calls, query } = await startWith(THROTTLED);
  const { data } = await query(
    'mutation { deleteClientCertificate(input: { id: "none", evenIfUsed: true }) { __typename } }',
  );
  expect(data).toEqual({ deleteClientCertificate: { __typename: 'NotFoundError' } });
  expect(calls).toEqual(['DeleteClientCertificate', 'DeleteClientCertificate']);
});

test.for([
  ['updateClientCertificate', '{ id: "c000", description: "x" }', 'UpdateClientCertificate'],
  ['tagClientCertificate', '{ id: "c000", tags: [{ key: "k", value: "v" }] }', 'TagResource'],
  ['untagClientCertificate', '{ id: "c000", tagKeys: ["k"] }', 'UntagResource'],
] as const)('%s is retried after a failure, because it is idempotent', async ([field, input, operation]) => {
  const { calls, query } = await startWith(FAILED, { kind: 'cut-off' });
  const { data } = await query(`mutation { result: ${field}(input: ${input}) { __typename } }`);
  expect(data.result.__typename).toMatch(/Payload$/);
  expect(calls).toEqual([operation, operation, operation]);
});
