import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  TagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { emulate, idOf, stop, walk } from './support.ts';

const emptyFile = async () => join(await emptyFolder(), 'emulator.sqlite');

test('a file is empty at first', async () => {
  const { client } = await emulate({ path: await emptyFile() });
  expect(await walk(client, 500)).toEqual([]);
});

test('a closed emulator leaves one file', async () => {
  const folder = await emptyFolder();
  const { client, server } = await emulate({ path: join(folder, 'emulator.sqlite') });
  await client.send(new GenerateClientCertificateCommand());
  await stop(server);
  expect(await readdir(folder)).toEqual(['emulator.sqlite']);
});

test('two emulators in memory know nothing of each other', async () => {
  const [a, b] = [await emulate(), await emulate()];
  await a.client.send(new GenerateClientCertificateCommand());
  expect(await walk(b.client, 500)).toEqual([]);
});

test('every change in a file is there after the emulator was closed', async () => {
  const path = await emptyFile();
  const { client, server } = await emulate({ path });
  const made = await client.send(new GenerateClientCertificateCommand({ description: 'before' }));
  const clientCertificateId = idOf(made);
  const deleted = await client.send(new GenerateClientCertificateCommand());
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: idOf(deleted) }));
  const resourceArn = `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`;
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: 'payments' } }));
  const patchOperations = [{ op: 'replace' as const, path: '/description', value: 'after' }];
  await client.send(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations }));
  await stop(server);

  const { client: again } = await emulate({ path });
  expect(await walk(again, 500)).toEqual([clientCertificateId]);
  const { $metadata, ...read } = await again.send(new GetClientCertificateCommand({ clientCertificateId }));
  const { $metadata: _, ...before } = made;
  expect(read).toEqual({ ...before, description: 'after', tags: { team: 'payments' } });
});

test('an emulator can be closed twice', async () => {
  const { server, url } = await emulate();
  await stop(server);
  await stop(server);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('the examples are made in an empty file, and not again', async () => {
  const path = await emptyFile();
  const examples = ['a', 'b'].map((id) => ({ id, createdDate: new Date() }));
  const { client, server } = await emulate({ path, examples });
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'a' }));
  await stop(server);
  const { client: again } = await emulate({ path, examples });
  expect(await walk(again, 500)).toEqual(['b']);
});

test('APIs and stages in a file are there after the emulator was closed', async () => {
  const path = await emptyFile();
  const restApis = [{ id: 'r1', stages: [{ stageName: 'prod', clientCertificateId: 'a' }] }];
  const apis = [{ apiId: 'w1', stages: [{ stageName: 'prod' }] }];
  const { http, server } = await emulate({ path, restApis, apis });
  const read = (ask: typeof http) =>
    Promise.all(['/restapis/r1/stages', '/v2/apis/w1/stages'].map(async (one) => (await ask(one)).body));
  const before = await read(http);
  await stop(server);
  const { http: again } = await emulate({ path, restApis: [{ id: 'r2' }] });
  expect(await read(again)).toEqual(before);
  expect(await again('/restapis/r2')).toMatchObject({ status: 404 });
});

test('an error after which SQLite rolls back itself is told as it is', async () => {
  const path = await emptyFile();
  const { http } = await emulate({ path });
  const other = new DatabaseSync(path);
  const answer = "RAISE(ROLLBACK, 'database or disk is full')";
  other.exec(`CREATE TRIGGER full BEFORE INSERT ON rest_apis BEGIN SELECT ${answer}; END`);
  const create = () => http('/restapis', { method: 'POST', body: '{"name":"x"}' });
  const { status, body } = await create();
  expect([status, body.message]).toEqual([500, expect.stringContaining('database or disk is full')]);
  other.exec('DROP TRIGGER full');
  other.close();
  expect(await create()).toMatchObject({ status: 201 });
});
