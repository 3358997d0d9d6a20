import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { emulate, idOf, oneKeyPair, walk } from './support.ts';

const exceeded = {
  name: 'LimitExceededException',
  $fault: 'client',
  retryAfterSeconds: null,
  $metadata: { httpStatusCode: 429 },
};

test('an account has 60 certificates at most', async () => {
  const { client } = await emulate();
  for (let i = 0; i < 60; i += 1) await client.send(new GenerateClientCertificateCommand());
  await expect(client.send(new GenerateClientCertificateCommand())).rejects.toMatchObject(exceeded);
  expect(await walk(client, 500)).toHaveLength(60);
});

test('the answer is LimitExceededException, whose retryAfterSeconds is null and in no header', async () => {
  const { http } = await emulate({ quota: 0 });
  const { status, headers, body } = await http('/clientcertificates', { method: 'POST', body: '{}' });
  expect([status, headers.get('x-amzn-errortype')]).toEqual([429, 'LimitExceededException']);
  expect(body).toEqual({
    message:
      'Maximum number of Client Certificates has been reached. Please contact AWS if you need additional Client Certificates.',
    retryAfterSeconds: null,
  });
  expect(headers.has('retry-after')).toBe(false);
});

test('generates at the same time do not go beyond it', async () => {
  let awaited = 8;
  const allAreHere = Promise.withResolvers<void>();
  const { client } = await emulate({
    quota: 3,
    generateKeyPair: async () => {
      awaited -= 1;
      if (awaited === 0) allAreHere.resolve();
      await allAreHere.promise;
      return oneKeyPair;
    },
  });
  const generates = Array.from({ length: 8 }, () => client.send(new GenerateClientCertificateCommand()));
  const answers = await Promise.allSettled(generates);
  const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  expect(refusals).toHaveLength(5);
  for (const refusal of refusals) expect(refusal).toMatchObject(exceeded);
  expect(await walk(client, 500)).toHaveLength(3);
});

test('a deleted certificate makes room for another', async () => {
  const { client } = await emulate({ quota: 1 });
  const made = await client.send(new GenerateClientCertificateCommand());
  await expect(client.send(new GenerateClientCertificateCommand())).rejects.toMatchObject(exceeded);
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: idOf(made) }));
  const another = await client.send(new GenerateClientCertificateCommand());
  expect(await walk(client, 500)).toEqual([another.clientCertificateId]);
});

test('wrong input is told before a full account', async () => {
  const { client } = await emulate({ quota: 0 });
  const generate = client.send(new GenerateClientCertificateCommand({ tags: { 'aws:a': 'b' } }));
  await expect(generate).rejects.toMatchObject({ name: 'BadRequestException' });
});

test('a full account makes no key pair', async () => {
  const { client } = await emulate({
    quota: 0,
    generateKeyPair: () => Promise.reject(new Error('a key pair was made')),
  });
  await expect(client.send(new GenerateClientCertificateCommand())).rejects.toMatchObject(exceeded);
});
