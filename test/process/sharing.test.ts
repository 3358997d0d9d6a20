import { expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { emulate } from '../emulator/support.ts';
import { serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';
import { failed, lookup, throttled, until } from '../support/sharing.ts';

test.for<[what: string, fault: Fault]>([
  ['does not answer', { kind: 'no-answer' }],
  ['fails', failed],
  ['throttles', throttled],
])('the service ends cleanly while AWS %s and is called again and again', async ([, fault]) => {
  let calls = 0;
  let isBroken = false;
  const { url } = await emulate({
    examples: examples(3),
    fault: () => {
      calls += 1;
      return isBroken ? fault : undefined;
    },
  });
  const { query, stop } = await serveOn(url, {
    CACHE_TTL_MS: '100',
    UPSTREAM_REQUEST_TIMEOUT_MS: '3600000',
  });
  const { data } = await query(lookup('c001'));
  isBroken = true;
  await until(async () =>
    expect(await query(lookup('c001'))).toMatchObject({ data, extensions: { stale: {} } }),
  );
  const before = calls;
  await until(() => expect(calls).toBeGreaterThan(before + 3)); // without a request in between
  const { code, stderr } = await stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
