import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import { idsIn, PROD_EU, PROD_US, STAGING_EU, startEverywhere } from '../everywhere/support.ts';
import { examples } from '../support/service.ts';
import { denied, failed } from '../support/sharing.ts';
import { CHANGES, changesOf, listen, REFRESH_MS, startWithClock } from './support.ts';

const unavailableIn = (event: Awaited<ReturnType<ReturnType<typeof listen>['next']>>) =>
  event?.data.clientCertificatesChanged.unavailable;

const SINGLE = { account: null, region: 'us-east-1' };

test.for([
  ['fails', failed, 'UPSTREAM_UNAVAILABLE', '0'],
  ['denies', denied, 'UPSTREAM_DENIED', '0'],
  ['fails, and a stale answer stands in', failed, 'UPSTREAM_UNAVAILABLE', '60000'],
] as const)(
  'while AWS %s, nothing counts as deleted; what has changed meanwhile is told after it',
  async ([, fault, code, CACHE_STALE_MS]) => {
    const { subscribe, refresh, client, fail } = await startWithClock({
      emulator: { examples: examples(3) },
      env: { CACHE_STALE_MS },
    });
    const events = await subscribe();
    await events.next();
    await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c001' }));
    fail(() => fault);
    await refresh();
    const event = await events.next();
    expect(changesOf(event)).toEqual([]);
    expect(unavailableIn(event)).toEqual([{ ...SINGLE, unavailable: { code } }]);
    fail(() => undefined);
    let isTold = false;
    const after = events.next().finally(() => {
      isTold = true;
    });
    while (!isTold) await refresh();
    expect(changesOf(await after)).toEqual(['DELETED c001']);
    expect(unavailableIn(await after)).toEqual([]);
  },
);

test('a certificate that AWS sends broken does not count as deleted', async () => {
  const { subscribe, refresh, client, fail } = await startWithClock({ emulator: { examples: examples(3) } });
  const events = await subscribe();
  await events.next();
  fail((operation) => (operation === 'GetClientCertificates' ? brokenItem : undefined));
  await refresh();
  fail(() => undefined);
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c002' }));
  await refresh();
  expect(changesOf(await events.next())).toEqual(['DELETED c002']);
});

test('what cannot be read in the beginning is told as unavailable, and then that it can be read', async () => {
  const { subscribe, refresh, fail } = await startWithClock({ emulator: { examples: examples(1) } });
  fail(() => failed);
  const events = await subscribe();
  const first = await events.next();
  expect(unavailableIn(first)).toMatchObject([SINGLE]);
  fail(() => undefined);
  await refresh();
  const second = await events.next();
  expect(changesOf(second)).toEqual([]);
  expect(unavailableIn(second)).toEqual([]);
});

test('an event that is too large is the last one, since its changes are not told again', async () => {
  const { post, refresh, client, server } = await startWithClock({ env: { MAX_RESPONSE_BYTES: '10000' } });
  const query = `subscription {
    clientCertificatesChanged { changes { clientCertificate { description } } }
  }`;
  const events = listen(await post({ query }, { accept: 'text/event-stream' }));
  expect(await events.next()).not.toHaveProperty('errors');
  for (let i = 0; i < 12; i += 1)
    await client.send(new GenerateClientCertificateCommand({ description: 'x'.repeat(1000) }));
  await refresh();
  const event = await events.next();
  expect(event).toMatchObject({ data: null, errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }] });
  expect(await events.next()).toBe(undefined);
  expect(server.changes.count()).toBe(0);
});

const SEEDS = { [PROD_EU]: 2, [PROD_US]: 1, [STAGING_EU]: 1 };

const placeOf = ({ account, region }: { account: string; region: string }) => `${account}/${region}`;

test('over several accounts and regions, one that fails hides nothing of the others', async () => {
  const service = await startEverywhere({ seeds: SEEDS });
  service.failIn((place) => (place === PROD_EU ? failed : undefined));
  const events = listen(await service.post({ query: CHANGES }, { accept: 'text/event-stream' }));
  const first = await events.next();
  expect(unavailableIn(first).map(placeOf)).toEqual([PROD_EU]);
  const [id = ''] = idsIn(STAGING_EU, 1);
  await service.clientIn(STAGING_EU).send(new DeleteClientCertificateCommand({ clientCertificateId: id }));
  await service.pass(REFRESH_MS);
  expect(changesOf(await events.next())).toEqual([`DELETED ${id}`]);
});

test('of several, only those that the filter names are read', async () => {
  const service = await startEverywhere({ seeds: SEEDS });
  const events = listen(
    await service.post(
      { query: CHANGES, variables: { filter: { accounts: ['222222222222'], regions: ['eu-central-1'] } } },
      { accept: 'text/event-stream' },
    ),
  );
  await events.next();
  const places = service.made.flatMap(({ place, operation }) =>
    operation === 'GetClientCertificates' && place ? place : [],
  );
  expect(places).toEqual([STAGING_EU]);
});

test('one that does not answer for a while is not waited for in the beginning', async () => {
  const service = await startEverywhere({ seeds: SEEDS });
  const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
  service.failIn((place, operation) =>
    place === PROD_US && operation === 'GetClientCertificates' ? { kind: 'held', until } : undefined,
  );
  const events = listen(await service.post({ query: CHANGES }, { accept: 'text/event-stream' }));
  const first = events.next();
  await service.pass(2000);
  expect(unavailableIn(await first).map(placeOf)).toContain(PROD_US);
  goOn();
  for (let event = await events.next(); unavailableIn(event).length > 0; event = await events.next());
});
