import { expect, test } from 'vitest';
import { createContexts } from '../../src/graphql/contexts.ts';
import { systemClock } from '../../src/time/clock.ts';
import { startEverywhere, turns } from './support.ts';

test('an operation has no more reads wait than can be made at the same time, so that each costs little memory', async () => {
  const { config, server } = await startEverywhere({ env: { MAX_PARALLEL_READS: '1' } });
  let waiting = 0;
  const { signal } = new AbortController();
  const { clientCertificates } = createContexts({
    ...server,
    config,
    inParallel: async () => {
      waiting += 1;
      return new Promise(() => undefined);
    },
    inBackground: async () => new Promise(() => undefined),
    clock: systemClock,
  }).of({
    viewer: { name: 'test', scopes: new Set(['client-certificates:read']) },
    gone: () => signal,
  });
  const { totalCount } = await clientCertificates.list({ first: 1 });
  void totalCount();
  await turns();
  expect(waiting).toBe(2); // one, and one that is slow, of four accounts and regions
});
