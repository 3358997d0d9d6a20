import { setImmediate as nextTurn } from 'node:timers/promises';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import { createAwsCalls } from '../src/aws-calls.ts';
import { createClientCertificateCache } from '../src/client-certificate-cache.ts';
import { createReads } from '../src/client-certificate-reads.ts';
import { parseConfig } from '../src/config.ts';
import { createClientCertificatePem, generateRsaKeyPair } from '../src/emulator/x509.ts';
import { parseInTurns } from '../src/x509.ts';

const keyPair = await generateRsaKeyPair();
const createdDate = new Date('2026-01-01T00:00:00Z');
const pemEncodedCertificate = createClientCertificatePem(keyPair, createdDate);

test('a certificate is parsed once an operation, however often it is asked for', async () => {
  const apiGateway = { client: new APIGatewayClient({ region: 'us-east-1' }), region: 'us-east-1' };
  onTestFinished(() => apiGateway.client.destroy());
  const cache = createClientCertificateCache({ config: parseConfig({}), apiGateway });
  const { client } = apiGateway;
  const { signal } = new AbortController();
  const calls = createAwsCalls({
    client,
    since: cache.begin(),
    gone: () => signal,
    timeoutMs: 1000,
    maxCalls: 1,
  });
  const reads = createReads({ cache, calls, region: 'us-east-1' });
  const certificate = {
    id: 'a',
    clientCertificateId: 'a',
    arn: 'a',
    description: null,
    createdDate,
    expirationDate: createdDate,
    pemEncodedCertificate,
    tags: [],
  };
  const [first, second] = await Promise.all([reads.x509Of(certificate), reads.x509Of(certificate)]);
  expect(first).toBe(second);
  expect(await reads.x509Of(certificate)).toBe(first);
  expect(await reads.x509Of({ ...certificate })).not.toBe(first);
});

test('many certificates are parsed with turns of the event loop for others in between', async () => {
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await nextTurn();
      turns += 1;
    }
  })();
  const parsed = await parseInTurns(Array.from({ length: 2000 }, () => pemEncodedCertificate));
  isDone = true;
  await others;
  expect(parsed).toHaveLength(2000);
  expect(turns).toBeGreaterThan(2);
});
