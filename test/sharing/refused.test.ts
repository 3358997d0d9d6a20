import { expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { COUNT, lookup, startSharing, turns, until } from '../support/sharing.ts';

const KEYS = ['busy', 'other'].map((name) => apiKeyEntry(name, name)).join(',');

/** More certificates than may be read at once, so that each is read alone, and one call per second. */
async function start() {
  const sharing = await startSharing({
    count: 600,
    env: { AUTH: 'api-key', API_KEYS: KEYS, MAX_COLLECTION_PAGES: '1', UPSTREAM_CALLS_PER_SECOND: '1' },
  });
  const as = (key: string, query: string, signal?: AbortSignal) =>
    sharing.server
      .fetch('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query }),
        ...(signal && { signal }),
      })
      .then((response) => response.json());
  await as('other', COUNT);
  return { ...sharing, as };
}

const many = `{ ${Array.from({ length: 20 }, (_, i) => `a${i}: clientCertificate(id: "c${520 + i}") { description }`).join(' ')} }`;

test('when calls of one client are refused, others get fresh answers, because AWS is healthy', async () => {
  const { as, pass } = await start();
  await as('other', lookup('c510'));
  pass(2000);
  const gone = new AbortController();
  const busy = as('busy', many, gone.signal).catch(() => undefined);
  await turns();
  gone.abort();
  await busy;
  pass(3000);
  expect(await as('other', lookup('c510'))).toMatchObject({
    extensions: { cost: { awsCalls: { made: 1 } } },
  });
});

test('a read that is refused for its client continues for the others that wait for it', async () => {
  const { as, pass } = await start();
  pass(10_000);
  const busy = as('busy', many);
  const other = as('other', lookup('c539'));
  let areAnswered = false;
  void Promise.allSettled([busy, other]).then(() => {
    areAnswered = true;
  });
  await until(async () => {
    await pass(400);
    expect(areAnswered).toBe(true);
  });
  expect(await other).toMatchObject({ data: { clientCertificate: { clientCertificateId: 'c539' } } });
  expect((await busy).errors).toContainEqual(
    expect.objectContaining({ path: ['a19'], extensions: expect.objectContaining({ code: 'THROTTLED' }) }),
  );
});
