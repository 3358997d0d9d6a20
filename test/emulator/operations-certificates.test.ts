import { X509Certificate } from 'node:crypto';
import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { connect } from './support.ts';

const replaceDescription = (value: string) => [{ op: 'replace' as const, path: '/description', value }];

test('generate answers 201 with the whole certificate', async () => {
  const { generate } = await connect();
  const { $metadata, ...certificate } = await generate({
    description: 'Payments',
    tags: { team: 'payments' },
  });
  expect($metadata.httpStatusCode).toBe(201);
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(certificate).toEqual({
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    description: 'Payments',
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\n/),
    createdDate: expect.any(Date),
    expirationDate: expect.any(Date),
    tags: { team: 'payments' },
  });
});

test('a certificate is dated to the second, now, and lives 365 days', async () => {
  const { generate } = await connect();
  const { createdDate, expirationDate, pemEncodedCertificate } = await generate();
  const createdMs = createdDate?.getTime() ?? Number.NaN;
  expect(createdMs % 1000).toBe(0);
  expect(Math.abs(Date.now() - createdMs)).toBeLessThan(5 * 60 * 1000);
  expect(expirationDate?.getTime()).toBe(createdMs + 31_536_000_000);
  const { validFromDate, validToDate } = new X509Certificate(pemEncodedCertificate ?? '');
  expect([validFromDate, validToDate]).toEqual([createdDate, expirationDate]);
});

test('generate without input leaves description and tags out', async () => {
  const { client, generate } = await connect();
  const { $metadata, ...certificate } = await generate();
  const members = ['clientCertificateId', 'createdDate', 'expirationDate', 'pemEncodedCertificate'];
  expect(Object.keys(certificate).sort()).toEqual(members);
  const { $metadata: _, ...read } = await client.send(new GetClientCertificateCommand(certificate));
  expect(read).toEqual(certificate);
});

test('two certificates have different ids, keys or serial numbers', async () => {
  const { generate } = await connect();
  const [a, b] = [await generate(), await generate()];
  expect(a.clientCertificateId).not.toBe(b.clientCertificateId);
  expect(a.pemEncodedCertificate).not.toBe(b.pemEncodedCertificate);
});

test('get answers 200 with what generate answered', async () => {
  const { client, generate } = await connect();
  const { $metadata, ...made } = await generate({ description: 'Größe 1 ✓', tags: { 'cost centre': 'ü=1' } });
  const { $metadata: metadata, ...read } = await client.send(new GetClientCertificateCommand(made));
  expect(metadata.httpStatusCode).toBe(200);
  expect(read).toEqual(made);
});

test('update replaces the description and nothing else', async () => {
  const { client, generate } = await connect();
  const { $metadata, ...made } = await generate({ description: 'before', tags: { team: 'payments' } });
  const { $metadata: metadata, ...updated } = await client.send(
    new UpdateClientCertificateCommand({ ...made, patchOperations: replaceDescription('after') }),
  );
  expect(metadata.httpStatusCode).toBe(200);
  expect(updated).toEqual({ ...made, description: 'after' });
  const { $metadata: _, ...read } = await client.send(new GetClientCertificateCommand(made));
  expect(read).toEqual(updated);
});

test('a description replaced with nothing is left out', async () => {
  const { client, generate } = await connect();
  const made = await generate({ description: 'before' });
  const update = new UpdateClientCertificateCommand({ ...made, patchOperations: replaceDescription('') });
  expect(await client.send(update)).not.toHaveProperty('description');
  expect(await client.send(new GetClientCertificateCommand(made))).not.toHaveProperty('description');
});

test.each([[], undefined])(
  'update with the patch operations %j succeeds and changes nothing',
  async (none) => {
    const { client, generate } = await connect();
    const made = await generate({ description: 'before' });
    const update = new UpdateClientCertificateCommand({ ...made, patchOperations: none });
    expect(await client.send(update)).toMatchObject({
      description: 'before',
      $metadata: { httpStatusCode: 200 },
    });
  },
);

test('delete answers 202, and the certificate is gone', async () => {
  const { client, generate } = await connect();
  const made = await generate();
  const { $metadata } = await client.send(new DeleteClientCertificateCommand(made));
  expect($metadata.httpStatusCode).toBe(202);
  await expect(client.send(new GetClientCertificateCommand(made))).rejects.toThrow();
});

test('an id that nobody has is NotFoundException', async () => {
  const { client } = await connect();
  const clientCertificateId = 'zzzzzz';
  const patchOperations = replaceDescription('after');
  const answers = [
    () => client.send(new GetClientCertificateCommand({ clientCertificateId })),
    () => client.send(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations })),
    () => client.send(new DeleteClientCertificateCommand({ clientCertificateId })),
  ];
  for (const answer of answers)
    await expect(answer()).rejects.toMatchObject({
      name: 'NotFoundException',
      $fault: 'client',
      $metadata: { httpStatusCode: 404 },
    });
});

test('a second delete is NotFoundException', async () => {
  const { client, generate } = await connect();
  const made = await generate();
  await client.send(new DeleteClientCertificateCommand(made));
  const second = client.send(new DeleteClientCertificateCommand(made));
  await expect(second).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a refused generate makes nothing', async () => {
  const { client } = await connect();
  const description = `refused ${crypto.randomUUID()}`;
  const refused = client.send(new GenerateClientCertificateCommand({ description, tags: { 'aws:a': 'b' } }));
  await expect(refused).rejects.toMatchObject({ name: 'BadRequestException' });
  const { items = [] } = await client.send(new GetClientCertificatesCommand({ limit: 500 }));
  expect(items.map((item) => item.description)).not.toContain(description);
});
