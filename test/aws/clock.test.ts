import { expect, test } from 'vitest';
import { CREDENTIALS, examples, startService } from '../support/service.ts';

const MINUTE_MS = 60_000;

/** The service, with a clock that differs from that of the emulator, which checks signatures. */
const startWithClockOffBy = (minutes: number) =>
  startService({
    emulator: {
      examples: examples(1),
      credentials: CREDENTIALS,
      now: () => new Date(Date.now() + minutes * MINUTE_MS),
    },
  });

test.for([-60, -20, 20, 60])(
  "a clock that is off by %i minutes is corrected by AWS's answer",
  async (minutes) => {
    const { calls, query } = await startWithClockOffBy(minutes);
    expect(await query('{ clientCertificate(id: "c000") { clientCertificateId } }')).toEqual({
      data: { clientCertificate: { clientCertificateId: 'c000' } },
    });
    expect(calls).toEqual(['GetClientCertificate', 'GetClientCertificate']);
    await query('{ clientCertificate(id: "c000") { clientCertificateId } }');
    expect(calls).toHaveLength(3);
  },
);

test('a generate that AWS refused because of its time is retried, because nothing was created', async () => {
  const { calls, query } = await startWithClockOffBy(20);
  expect(await query('mutation { generateClientCertificate(input: {}) { __typename } }')).toEqual({
    data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } },
  });
  expect(calls).toEqual(['GenerateClientCertificate', 'GenerateClientCertificate']);
});

test('a delete of what never existed finds nothing, also if AWS refused its first attempt because of its time', async () => {
  const { query } = await startWithClockOffBy(20);
  expect(
    await query(
      'mutation { deleteClientCertificate(input: { id: "none", evenIfUsed: true }) { __typename } }',
    ),
  ).toEqual({ data: { deleteClientCertificate: { __typename: 'NotFoundError' } } });
});
