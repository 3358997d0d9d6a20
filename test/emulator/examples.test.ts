import { GenerateClientCertificateCommand, GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { exampleCertificates } from '../../src/emulator/examples.ts';
import { emulate, walk } from './support.ts';

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
