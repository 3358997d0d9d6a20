import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createClientCertificatePem } from '../../src/emulator/x509.ts';
import { createFairScheduler } from '../../src/graphql/fair-scheduler.ts';
import { createX509Reader } from '../../src/resources/client-certificates/x509.ts';
import { oneKeyPair } from '../emulator/support.ts';

const keyPair = await oneKeyPair;
const createdDate = new Date('2026-01-01T00:00:00Z');
const pemEncodedCertificate = createClientCertificatePem(keyPair, createdDate);
const atOnce = async () => undefined;

test('a certificate is parsed once, however many operations request it', async () => {
  const x509Of = createX509Reader();
  const certificate = { pemEncodedCertificate };
  const [first, second] = await Promise.all([x509Of(certificate, atOnce), x509Of(certificate, atOnce)]);
  expect(first).toBe(second);
  expect(x509Of(certificate, atOnce)).toBe(first);
  expect(await x509Of({ ...certificate }, atOnce)).not.toBe(first);
});

test('an invalid certificate is an error for every operation that requests it', async () => {
  const x509Of = createX509Reader();
  const certificate = { pemEncodedCertificate: 'none' };
  for (let i = 0; i < 2; i += 1)
    await expect(x509Of(certificate, atOnce)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
});

test('while many certificates are parsed, other work gets turns of the event loop', async () => {
  const x509Of = createX509Reader();
  const turns = createFairScheduler({ elapsedMs: () => performance.now() });
  let others = 0;
  let isDone = false;
  const counting = (async () => {
    while (!isDone) {
      await nextTurn();
      others += 1;
    }
  })();
  const certificates = Array.from({ length: 1000 }, () => ({ pemEncodedCertificate }));
  const parsed = await Promise.all(
    certificates.map((certificate) => x509Of(certificate, async () => turns('a'))),
  );
  isDone = true;
  await counting;
  expect(parsed).toHaveLength(1000);
  expect(others).toBeGreaterThan(10);
});
