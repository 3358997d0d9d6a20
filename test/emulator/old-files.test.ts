import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { createClientCertificatePem } from '../../src/emulator/x509.ts';
import { emptyFolder } from '../support/process.ts';
import { clientOf, emulate, oneKeyPair, stop, walk } from './support.ts';

const DOCUMENTS = [
  'rest_apis',
  'rest_resources',
  'rest_deployments',
  'rest_deployed_resources',
  'rest_stages',
];

/** The tables of version 0.2.0, which knew of one account. */
const VERSION_0_2 = `
  CREATE TABLE client_certificates (
    id TEXT PRIMARY KEY, description TEXT NOT NULL, pem TEXT NOT NULL, created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL, tags TEXT NOT NULL, key_id TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE private_keys (id TEXT PRIMARY KEY, pem TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${[...DOCUMENTS, 'v2_apis', 'v2_stages']
    .map(
      (table) => `CREATE TABLE ${table} (
        parent TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (parent, id)
      ) STRICT, WITHOUT ROWID;`,
    )
    .join('\n')}
`;

/** The only table of version 0.1.0, which kept no keys. */
const VERSION_0_1 = VERSION_0_2.slice(0, VERSION_0_2.indexOf('CREATE TABLE private_keys')).replace(
  ', key_id TEXT',
  '',
);

async function fileOf(schema: string, ...statements: string[]): Promise<string> {
  const path = join(await emptyFolder(), 'emulator.sqlite');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(schema);
  for (const statement of statements) db.exec(statement);
  db.close();
  return path;
}

const createdDate = new Date('2026-01-01T00:00:00Z');
const expirationDate = new Date('2027-01-01T00:00:00Z');
const pem = createClientCertificatePem(await oneKeyPair, createdDate);

const certificate = (id: string, ...more: string[]) => {
  const dates = [createdDate.getTime(), expirationDate.getTime()];
  const values = [`'${id}', 'old', '${pem}'`, ...dates, `'{"team":"payments"}'`, ...more];
  return `INSERT INTO client_certificates VALUES (${values.join()})`;
};

const document = (table: string, parent: string, id: string, value: object) =>
  `INSERT INTO ${table} VALUES ('${parent}', '${id}', '${JSON.stringify(value)}')`;

const tablesOf = (path: string) => {
  const db = new DatabaseSync(path);
  const tables = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
  db.close();
  return tables;
};

test('a file of 0.1.0 is that of the default account in us-east-1', async () => {
  const path = await fileOf(VERSION_0_1, certificate('a'), certificate('b'));
  const { client, http, url, server } = await emulate({ path });
  expect((await http('/clientcertificates/a')).body).toEqual({
    clientCertificateId: 'a',
    description: 'old',
    pemEncodedCertificate: pem,
    createdDate: createdDate.getTime() / 1000,
    expirationDate: expirationDate.getTime() / 1000,
    tags: { team: 'payments' },
  });
  expect(await walk(client, 1)).toEqual(['a', 'b']);
  expect(await walk(clientOf(url, { region: 'eu-west-1' }), 500)).toEqual([]);
  const other = { accessKeyId: '111111111111', secretAccessKey: 'any' };
  expect(await walk(clientOf(url, { credentials: other }), 500)).toEqual([]);
  await stop(server);
  const { client: again } = await emulate({ path });
  expect(await walk(again, 500)).toEqual(['a', 'b']);
});

test('a file of 0.2.0 keeps its keys, its APIs and its stages', async () => {
  const stage = { stageName: 'prod', deploymentId: 'd1', clientCertificateId: 'a', methodSettings: {} };
  const mock = { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 418}' } };
  const path = await fileOf(
    VERSION_0_2,
    `INSERT INTO private_keys VALUES ('k', 'a key')`,
    certificate('a', `'k'`),
    document('rest_apis', '', 'r1', { id: 'r1', name: 'Payments' }),
    document('rest_stages', 'r1', 'prod', stage),
    document('rest_deployed_resources', 'r1', 'd1', [
      { id: 'root', path: '/', resourceMethods: { ANY: { methodIntegration: mock } } },
    ] as object),
    document('v2_apis', '', 'w1', { apiId: 'w1', name: 'Prices', protocolType: 'WEBSOCKET', tags: {} }),
    document('v2_stages', 'w1', 'live', { stageName: 'live', tags: {} }),
  );
  const { client, url, http, server } = await emulate({ path, examples: [{ id: 'new', createdDate }] });
  expect(await client.send(new GetStagesCommand({ restApiId: 'r1' }))).toMatchObject({ item: [stage] });
  expect(await http('/v2/apis/w1/stages')).toMatchObject({ body: { items: [{ stageName: 'live' }] } });
  expect((await fetch(`${url}/_aws/execute-api/r1/prod`)).status).toBe(418);
  expect(await http('/clientcertificates/a', { method: 'DELETE' })).toMatchObject({ status: 409 });
  expect(await walk(client, 500)).toEqual(['a']);
  await expect(
    client.send(new GetStagesCommand({ restApiId: 'r1' })).then(() => stop(server)),
  ).resolves.toBeUndefined();
  const db = new DatabaseSync(path);
  expect(db.prepare('SELECT namespace, id, key_id FROM client_certificates').all()).toEqual([
    { namespace: '123456789012 us-east-1', id: 'a', key_id: 'k' },
  ]);
  expect(db.prepare('SELECT * FROM private_keys').all()).toEqual([{ id: 'k', pem: 'a key' }]);
  db.close();
});

test('a migrated file has the tables of a new one', async () => {
  const old = await Promise.all([VERSION_0_1, VERSION_0_2].map((schema) => fileOf(schema)));
  const fresh = join(await emptyFolder(), 'emulator.sqlite');
  for (const path of [...old, fresh]) {
    const { server } = await emulate({ path });
    await stop(server);
  }
  for (const path of old) expect(tablesOf(path)).toEqual(tablesOf(fresh));
});

test('a file that cannot be migrated stays as it was', async () => {
  const strange = VERSION_0_2.replace('CREATE TABLE v2_stages (', 'CREATE TABLE v2_stages (strange TEXT, ');
  const path = await fileOf(strange, certificate('a', 'NULL'));
  const before = tablesOf(path);
  expect(() => createEmulator({ path })).toThrow('strange');
  expect(tablesOf(path)).toEqual(before);
});
