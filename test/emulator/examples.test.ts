import {
  GenerateClientCertificateCommand,
  GetClientCertificatesCommand,
  GetRestApisCommand,
  GetStagesCommand,
} from '@aws-sdk/client-api-gateway';
import * as v2 from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { exampleApis, exampleCertificates, exampleRestApis } from '../../src/emulator/examples.ts';
import { emulate, v2ClientOf, walk } from './support.ts';

const now = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;

async function readExamples() {
  const { client } = await emulate({ examples: exampleCertificates(now) });
  const { items = [] } = await client.send(new GetClientCertificatesCommand());
  return items.map((item) => ({
    ...item,
    daysLeft: ((item.expirationDate?.getTime() ?? Number.NaN) - now.getTime()) / DAY_MS,
  }));
}

test('there is a fresh, an expiring and an expired one, a tagged one and one without description', async () => {
  const items = await readExamples();
  expect(items.some(({ daysLeft }) => daysLeft > 300)).toBe(true);
  expect(items.some(({ daysLeft }) => daysLeft > 0 && daysLeft < 7)).toBe(true);
  expect(items.some(({ daysLeft }) => daysLeft > 7 && daysLeft < 30)).toBe(true);
  expect(items.some(({ daysLeft }) => daysLeft < 0)).toBe(true);
  expect(items.some(({ tags }) => tags?.['team'])).toBe(true);
  expect(items.some(({ description }) => description === undefined)).toBe(true);
});

test('the same examples have the same ids', async () => {
  const ids = (await readExamples()).map(({ clientCertificateId }) => clientCertificateId);
  expect(ids).toEqual(['a1b2c3', 'd4e5f6', 'g7h8i9', 'j1k2l3', 'm4n5o6']);
});

test('three REST APIs and a WebSocket API use them, with one reference that dangles, one to ACM and one to nothing', async () => {
  const { client, url } = await emulate({
    examples: exampleCertificates(now),
    restApis: exampleRestApis,
    apis: exampleApis,
  });
  const existing = await walk(client, 500);
  const { items = [] } = await client.send(new GetRestApisCommand());
  expect(items).toHaveLength(3);
  const stages = await Promise.all(
    items.map(async ({ id }) => (await client.send(new GetStagesCommand({ restApiId: id }))).item ?? []),
  );
  const references = stages.flat().map(({ clientCertificateId = 'none' }) => {
    if (existing.includes(clientCertificateId)) return 'certificate';
    return clientCertificateId.replace(/^arn:aws:acm:.*/, 'ACM').replace(/^[a-z0-9]{6}$/, 'dangling');
  });
  expect(references.sort()).toEqual(['ACM', 'certificate', 'certificate', 'certificate', 'dangling', 'none']);
  const v2Client = v2ClientOf(url);
  const { Items: apis = [] } = await v2Client.send(new v2.GetApisCommand({}));
  expect(apis).toMatchObject([{ ProtocolType: 'WEBSOCKET' }]);
  const { Items: webSocketStages } = await v2Client.send(new v2.GetStagesCommand({ ApiId: apis[0]?.ApiId }));
  expect(webSocketStages).toMatchObject([{ ClientCertificateId: 'a1b2c3' }]);
});

test('an example without id gets one', async () => {
  const { client } = await emulate({ examples: [{ createdDate: now }, { createdDate: now }] });
  const ids = await walk(client, 500);
  expect(ids).toEqual([1, 2].map(() => expect.stringMatching(/^[a-z0-9]{6}$/)));
});

test('there are none unless asked for', async () => {
  const { client } = await emulate();
  expect(await walk(client, 500)).toEqual([]);
});

test('examples count in the quota, and may be beyond it', async () => {
  const { client } = await emulate({ quota: 3, examples: exampleCertificates(now) });
  expect(await walk(client, 500)).toHaveLength(5);
  await expect(client.send(new GenerateClientCertificateCommand())).rejects.toMatchObject({
    name: 'LimitExceededException',
  });
});

test('examples that cannot be made are an error of every request, and end no process', async () => {
  const { http } = await emulate({
    examples: exampleCertificates(now),
    generateKeyPair: () => Promise.reject(new Error('no keys today')),
  });
  for (const _ of [1, 2]) {
    const { status, body } = await http('/clientcertificates');
    expect([status, body.message]).toEqual([500, expect.stringContaining('no keys today')]);
  }
});
