import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { examples, startService } from '../support/service.ts';

const OPERATIONS = 40;

const fields = Array.from({ length: 20 }, (_, i) => `a${i}: description`).join(' ');

test.for<[what: string, query: string]>([
  ['everything', `{ clientCertificates(last: 500) { nodes { ${fields} } } }`],
  ['a page', `{ clientCertificates(first: 500) { nodes { ${fields} } } }`],
])('operations that wait for one read of %s continue one after the other', async ([, document]) => {
  const { calls, fail, operations, post } = await startService({
    emulator: { examples: examples(500) },
    env: { CACHE_TTL_MS: '60000' },
    elapsedMs: () => performance.now(),
  });
  const held = Promise.withResolvers<void>();
  fail(() => ({ kind: 'held', until: held.promise }));
  const answers = Array.from({ length: OPERATIONS }, (_, i) => post({ query: document, variables: { i } }));
  for (let turn = 0; turn < 2000; turn += 1) await nextTurn(); // by then, all of them wait
  expect(operations).toEqual([]);
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await nextTurn();
      if (operations.length > 0) turns += 1;
    }
  })();
  held.resolve();
  for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  isDone = true;
  await others;
  expect(calls).toEqual(['GetClientCertificates']);
  expect(operations).toHaveLength(OPERATIONS);
  expect(turns).toBeGreaterThan(OPERATIONS / 2); // two may share one turn
});
