import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { emulate, idOf, page, walk } from './support.ts';

const createdDate = new Date('2026-01-01T00:00:00Z');

const emulateWith = (count: number) =>
  emulate({ examples: Array.from({ length: count }, (_, i) => ({ id: `id${1000 + i}`, createdDate })) });

test('a page has 25 items unless asked', async () => {
  const { client } = await emulateWith(26);
  const first = await page(client);
  expect(first.ids).toHaveLength(25);
  expect(await page(client, undefined, first.position)).toEqual({ ids: ['id1025'], position: undefined });
});

test('25 items are one page, the last', async () => {
  const { client } = await emulateWith(25);
  expect(await page(client)).toEqual({ ids: expect.objectContaining({ length: 25 }), position: undefined });
});

test('a page has up to 500 items', async () => {
  const { client } = await emulateWith(501);
  const first = await page(client, 500);
  expect(first.ids).toHaveLength(500);
  expect(await page(client, 500, first.position)).toEqual({ ids: ['id1500'], position: undefined });
});

test('an account without certificates has one empty page', async () => {
  const { http } = await emulate();
  expect(await http('/clientcertificates')).toMatchObject({ status: 200, body: { item: [] } });
});

test('a position is the base64 of id=S and the last id of the page', async () => {
  const { client } = await emulate({ examples: ['a9kdln', 'b00000'].map((id) => ({ id, createdDate })) });
  expect(await page(client, 1)).toEqual({ ids: ['a9kdln'], position: 'aWQ9U2E5a2Rsbg==' });
});

test('a page after the last is empty', async () => {
  const { client } = await emulateWith(2);
  const position = Buffer.from('id=Szzzzzz').toString('base64');
  expect(await page(client, 1, position)).toEqual({ ids: [], position: undefined });
});

test.each(['0', '501', '2147483648', '99999999999999999999', 'abc', '1.5', '1e2', ' 1', ''])(
  'the limit %j is BadRequestException',
  async (limit) => {
    const { http } = await emulateWith(1);
    const { status, headers, body } = await http(`/clientcertificates?limit=${encodeURIComponent(limit)}`);
    expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
    expect(body).toEqual({ message: 'Invalid limit specified. Must be between 1 and 500' });
  },
);

test.each(['-1', '-501'])(
  'the limit %s is taken as none, which AWS does not refuse either',
  async (limit) => {
    const { http } = await emulateWith(26);
    const { status, body } = await http(`/clientcertificates?limit=${limit}`);
    expect(status).toBe(200);
    expect(body.item).toHaveLength(25);
  },
);

const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  '',
  'id1000',
  '%%%',
  base64('id=S'),
  base64('id=Nid1000'),
  base64('id=Sid1000\n'),
  base64("id=S' OR 1"),
])('the position %j is BadRequestException', async (position) => {
  const { http } = await emulateWith(1);
  const { status, headers, body } = await http(
    `/clientcertificates?position=${encodeURIComponent(position)}`,
  );
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
  expect(body).toEqual({ message: 'Invalid position specified' });
});

test('any walk meets what stayed exactly once, and nothing that never was', async () => {
  const { client } = await emulate({ quota: Number.MAX_SAFE_INTEGER });
  const generate = async () => idOf(await client.send(new GenerateClientCertificateCommand()));
  const remove = (clientCertificateId: string) =>
    client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
  const step = fc.oneof(
    fc.record({ kind: fc.constant('generate' as const) }),
    fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('page' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  );
  const property = fc.asyncProperty(
    fc.nat({ max: 8 }),
    fc.array(step, { maxLength: 12 }),
    async (count, steps) => {
      for (const id of await walk(client, 500)) await remove(id);
      const ever = new Set<string>();
      for (let i = 0; i < count; i += 1) ever.add(await generate());
      const stayed = new Set(ever);
      const there = new Set(ever);
      const met: string[] = [];
      let position: string | undefined;
      let atEnd = false;
      for (const taken of [
        ...steps,
        ...Array<{ kind: 'page'; limit: number }>(20).fill({ kind: 'page', limit: 2 }),
      ]) {
        if (taken.kind === 'generate') {
          const id = await generate();
          ever.add(id);
          there.add(id);
        } else if (taken.kind === 'delete') {
          const id = [...there][taken.which % there.size];
          if (id === undefined) continue;
          await remove(id);
          there.delete(id);
          if (!atEnd) stayed.delete(id);
        } else if (!atEnd) {
          const next = await page(client, taken.limit, position);
          met.push(...next.ids);
          position = next.position;
          atEnd = position === undefined;
        }
      }
      expect(atEnd).toBe(true);
      expect(met).toEqual([...new Set(met)]);
      expect(met).toEqual(expect.arrayContaining([...stayed]));
      expect([...ever]).toEqual(expect.arrayContaining(met));
    },
  );
  await fc.assert(property, { numRuns: runs(40) });
});
