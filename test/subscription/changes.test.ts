import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  TagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { SCOPES } from '../../src/auth/viewer.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { examples, globalIdOf } from '../support/service.ts';
import { changesOf, startWithClock } from './support.ts';

const ANYONE = {
  viewer: { name: 'anyone', scopes: new Set(SCOPES) },
  client: 'anyone',
  gone: () => new AbortController().signal,
  inTurn: async () => undefined,
};

const TWO = { examples: examples(2) };

test('the first event comes at once and has no changes', async () => {
  const { subscribe } = await startWithClock({ emulator: TWO });
  const events = await subscribe();
  expect(events.response.status).toBe(200);
  expect(events.response.headers.get('content-type')).toBe('text/event-stream');
  expect(await events.next()).toEqual({
    data: { clientCertificatesChanged: { changes: [], unavailable: [] } },
  });
});

test('what others have generated, changed and deleted is told with the next reading', async () => {
  const { subscribe, refresh, client } = await startWithClock({ emulator: { examples: examples(3) } });
  const events = await subscribe();
  await events.next();
  const { clientCertificateId } = await client.send(
    new GenerateClientCertificateCommand({ description: 'new' }),
  );
  await client.send(
    new UpdateClientCertificateCommand({
      clientCertificateId: 'c000',
      patchOperations: [{ op: 'replace', path: '/description', value: 'other' }],
    }),
  );
  await client.send(new TagResourceCommand({ resourceArn: arnOf('us-east-1', 'c001'), tags: { team: 'a' } }));
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c002' }));
  await refresh();
  const event = await events.next();
  const { changes } = event?.data.clientCertificatesChanged ?? {};
  expect(changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        kind: 'ADDED',
        clientCertificateId,
        clientCertificate: { description: 'new', tags: [] },
      }),
      {
        kind: 'CHANGED',
        globalId: globalIdOf('c000'),
        clientCertificateId: 'c000',
        clientCertificate: { description: 'other', tags: [] },
      },
      expect.objectContaining({ kind: 'CHANGED', clientCertificateId: 'c001' }),
      { kind: 'DELETED', globalId: globalIdOf('c002'), clientCertificateId: 'c002', clientCertificate: null },
    ]),
  );
  expect(changes).toHaveLength(4);
});

test('a change through the service is told at once', async () => {
  const { subscribe, query } = await startWithClock({ emulator: TWO });
  const events = await subscribe();
  await events.next();
  await query('mutation { deleteClientCertificate(input: { id: "c001", evenIfUsed: true }) { __typename } }');
  expect(changesOf(await events.next())).toEqual(['DELETED c001']);
});

test('a reading that was overtaken by a write is followed by another one', async () => {
  const { subscribe, query, refresh, fail } = await startWithClock({ emulator: TWO });
  const events = await subscribe();
  await events.next();
  const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
  fail((operation) => (operation === 'GetClientCertificates' ? { kind: 'held', until } : undefined));
  await refresh();
  fail(() => undefined);
  await query('mutation { deleteClientCertificate(input: { id: "c001", evenIfUsed: true }) { __typename } }');
  goOn();
  expect(changesOf(await events.next())).toEqual(['DELETED c001']);
});

test('AWS is read once for all listeners, and only while anyone listens', async () => {
  const { subscribe, refresh, calls } = await startWithClock({ emulator: TWO });
  expect(calls).toEqual([]);
  const listeners = [await subscribe(), await subscribe(), await subscribe()];
  for (const events of listeners) await events.next();
  expect(calls).toEqual(['GetClientCertificates']);
  await refresh();
  await refresh();
  expect(calls).toHaveLength(3);
  for (const events of listeners) await events.leave();
  await refresh();
  expect(calls).toHaveLength(3);
});

test('AWS is not read more often than CACHE_TTL_MS', async () => {
  const { subscribe, refresh, calls } = await startWithClock({
    emulator: TWO,
    env: { CACHE_TTL_MS: '60000' },
  });
  const events = await subscribe();
  await events.next();
  for (let i = 0; i < 5; i += 1) await refresh();
  expect(calls).toEqual(['GetClientCertificates']);
});

test('what happens while nobody listens is not told to who comes later', async () => {
  const { subscribe, refresh, client } = await startWithClock({ emulator: TWO });
  const earlier = await subscribe();
  await earlier.next();
  await earlier.leave();
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c000' }));
  await refresh();
  const events = await subscribe();
  await events.next();
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c001' }));
  await refresh();
  expect(changesOf(await events.next())).toEqual(['DELETED c001']);
});

test('what a slow listener has missed comes together, each certificate once, as it was and is', async () => {
  const { server, refresh, client } = await startWithClock({ emulator: { examples: examples(3) } });
  const listener = await server.changes.for(ANYONE).listen(null);
  await listener.next();
  const change = async (clientCertificateId: string, value: string) =>
    client.send(
      new UpdateClientCertificateCommand({
        clientCertificateId,
        patchOperations: [{ op: 'replace', path: '/description', value }],
      }),
    );
  const other = await server.changes.for(ANYONE).listen(null);
  await other.next();
  const { clientCertificateId = '' } = await client.send(new GenerateClientCertificateCommand({}));
  await change('c000', 'a');
  await change('c001', 'a');
  await refresh();
  expect((await other.next()).value?.differences).toHaveLength(3);
  await change('c000', 'b');
  await change('c001', '');
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c002' }));
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
  await refresh();
  expect((await other.next()).value?.differences).toHaveLength(4);
  const { value } = await listener.next();
  expect(
    value?.differences.map(({ before, after }) => [
      (before ?? after)?.clientCertificateId,
      before?.description,
      after?.description,
    ]),
  ).toEqual([
    ['c000', null, 'b'],
    ['c002', null, undefined],
  ]);
});

test('of many changes, 100 are told at a time', async () => {
  const { subscribe, refresh, client } = await startWithClock({
    emulator: { examples: examples(150), quota: 200 },
  });
  const events = await subscribe();
  await events.next();
  for (let i = 0; i < 150; i += 1)
    await client.send(
      new DeleteClientCertificateCommand({ clientCertificateId: `c${String(i).padStart(3, '0')}` }),
    );
  await refresh();
  expect(changesOf(await events.next())).toHaveLength(100);
  expect(changesOf(await events.next())).toHaveLength(50);
});

test('a filter leaves out what matches it neither before nor after', async () => {
  const { subscribe, query } = await startWithClock({ emulator: { examples: examples(3) } });
  const events = await subscribe({ filter: { tags: [{ key: 'team', value: 'a' }] } });
  await events.next();
  const tag = async (id: string, value: string) =>
    query(
      'mutation ($input: TagClientCertificateInput!) { tagClientCertificate(input: $input) { __typename } }',
      {
        input: { id, tags: [{ key: 'team', value }] },
      },
    );
  await tag('c000', 'b');
  await tag('c001', 'a');
  expect(changesOf(await events.next())).toEqual(['CHANGED c001']);
  await tag('c001', 'b');
  expect(changesOf(await events.next())).toEqual(['CHANGED c001']);
});
