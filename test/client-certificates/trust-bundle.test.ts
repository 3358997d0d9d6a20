import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { brokenItem, type Fault, html502 } from '../../src/emulator/fault.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { createServiceClock } from '../support/clock.ts';
import { examples, startService } from '../support/service.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const EXAMPLES: Example[] = [
  { id: 'expired', createdDate: new Date('2025-11-01T00:00:00Z'), tags: { team: 'payments' } },
  { id: 'newest', createdDate: new Date('2026-11-02T00:00:00Z'), tags: { team: 'payments' } },
  { id: 'expiring', createdDate: new Date('2025-12-01T00:00:00Z'), description: 'Orders' },
];

const start = (options = {}) =>
  startService({ emulator: { examples: EXAMPLES }, now: () => NOW, ...options });

const IDS = 'clientCertificates { clientCertificateId }';
const idsOf = ({
  data,
}: {
  data: { trustBundle: { clientCertificates: { clientCertificateId: string }[] } };
}) => data.trustBundle.clientCertificates.map(({ clientCertificateId }) => clientCertificateId);

test('a bundle is all that have not expired, the oldest first, for one AWS call', async () => {
  const { query, callsOf } = await start();
  const calls = await callsOf(async () => {
    const answer = await query(`{ trustBundle { ${IDS} sha256 text } }`);
    expect(idsOf(answer)).toEqual(['expiring', 'newest']);
    const { sha256, text } = answer.data.trustBundle;
    expect(text).toMatch(
      /^# expiring, expires 2026-12-01: Orders\n-----BEGIN[^#]+-----END CERTIFICATE-----\n# newest, expires 2027-11-02\n-----BEGIN[^#]+-----END CERTIFICATE-----\n$/,
    );
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
  });
  expect(calls).toEqual(['GetClientCertificates']);
});

test('each form has the fingerprints of the certificates', async () => {
  const { query } = await start();
  const { data } = await query(`{ trustBundle {
    clientCertificates { pemEncodedCertificate }
    sha1: text(format: SHA1) sha256: text(format: SHA256) nginx: text(format: NGINX)
    haproxy: text(format: HAPROXY) envoy: text(format: ENVOY) json: text(format: JSON)
  } }`);
  const { clientCertificates, sha1, sha256, nginx, haproxy, envoy, json } = data.trustBundle;
  for (const { pemEncodedCertificate } of clientCertificates) {
    const truth = new X509Certificate(pemEncodedCertificate);
    const [first, second] = [truth.fingerprint, truth.fingerprint256].map((text) => text.replaceAll(':', ''));
    expect(sha1).toContain(`\n${first?.toLowerCase()}\n`);
    expect(sha256).toContain(`\n${second?.toLowerCase()}\n`);
    expect(nginx).toContain(`\n  ${first?.toLowerCase()} 1;\n`);
    expect(haproxy).toContain(`\n${second}\n`);
    expect(envoy).toContain(`\n    - "${second?.toLowerCase()}"\n`);
    expect(json).toContain(`"fingerprintSha256": "${truth.fingerprint256}"`);
  }
});

test.each([
  ['', ['expiring', 'newest']],
  ['filter: null', ['expiring', 'newest']],
  ['filter: {}', ['expiring', 'newest']],
  ['filter: { status: null }', ['expiring', 'newest']],
  ['filter: { tags: [{ key: "team", value: "payments" }] }', ['newest']],
  ['filter: { status: [EXPIRING] }', ['expiring']],
  ['filter: { status: [EXPIRED, VALID], tags: [{ key: "team" }] }', ['expired', 'newest']],
  ['filter: { descriptionContains: "nothing has this" }', []],
  ['filter: { usage: [IN_USE] }', ['expiring', 'newest']], // before all stages are read, any of them may be
])('with the arguments (%s) it has %j', async (args, ids) => {
  const { query } = await start();
  expect(idsOf(await query(`{ trustBundle${args && `(${args})`} { ${IDS} } }`))).toEqual(ids);
});

test('a certificate that expires leaves the bundle, although AWS is not asked again', async () => {
  let now = NOW;
  const { post, calls } = await start({ now: () => now, env: { CACHE_TTL_MS: '60000' } });
  const ids = async () => idsOf(await (await post({ query: `{ trustBundle { ${IDS} } }` })).json());
  for (let again = 0; again < 3; again += 1) expect(await ids()).toEqual(['expiring', 'newest']);
  now = new Date('2026-12-01T00:00:01Z');
  expect(await ids()).toEqual(['newest']);
  expect(calls).toEqual(['GetClientCertificates']);
});

test('a wrong filter is refused with all complaints, and AWS is not asked', async () => {
  const { query, callsOf } = await start();
  const calls = await callsOf(async () => {
    const { data, errors } = await query(
      '{ trustBundle(filter: { status: [], tags: [{ key: "" }] }) { sha256 } }',
    );
    expect(data).toBe(null);
    expect(errors).toMatchObject([{ path: ['trustBundle'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toBe(
      'filter.status: expected at least one, got none; filter.tags.0.key: expected 1 to 128 characters, got 0',
    );
  });
  expect(calls).toEqual([]);
});

test('more than 500 are refused, since no text would be too long for an answer', async () => {
  const emulator = { examples: examples(501), quota: 1000 };
  const { query } = await startService({ emulator, now: () => NOW });
  const { errors } = await query('{ trustBundle { sha256 } }');
  expect(errors?.[0]?.message).toBe(
    'filter: expected conditions that up to 500 client certificates match, got 501',
  );
  const { data } = await query('{ trustBundle(filter: { descriptionContains: "x" }) { sha256 } }');
  expect(data.trustBundle.sha256).toMatch(/^e3b0c442/);
});

test('the scope is required before anything else', async () => {
  const env = { AUTH: 'api-key', API_KEYS: apiKeyEntry('writer', 'secret', 'client-certificates:write') };
  const { query, callsOf } = await start({ env, headers: { 'x-api-key': 'secret' } });
  const calls = await callsOf(async () => {
    const { errors } = await query('{ trustBundle(filter: { status: [] }) { sha256 } }');
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', requiredScope: 'client-certificates:read' } },
    ]);
  });
  expect(calls).toEqual([]);
});

describe('where not every certificate can be known, there is no bundle', () => {
  const denied: Fault = { kind: 'error', error: new AwsError(403, 'AccessDeniedException', 'no') };
  const brokenPem: Fault = {
    kind: 'change',
    change: ({ item, ...rest }) => ({
      ...rest,
      item: Array.isArray(item)
        ? item.map((whole) =>
            whole.clientCertificateId === 'newest' ? { ...whole, pemEncodedCertificate: 'rubbish' } : whole,
          )
        : item,
    }),
  };

  test.each([
    ['AWS sends a broken certificate', brokenItem, 'UPSTREAM_UNAVAILABLE'],
    ['AWS sends an invalid PEM', brokenPem, 'UPSTREAM_UNAVAILABLE'],
    ['AWS is down', html502, 'UPSTREAM_UNAVAILABLE'],
    ['AWS refuses the service', denied, 'UPSTREAM_DENIED'],
  ])('because %s', async (_, fault, code) => {
    const { query, fail } = await start();
    fail(() => fault);
    const { data, errors } = await query(`{ trustBundle { ${IDS} sha256 text } }`);
    expect(data).toBe(null);
    expect(errors).toMatchObject([{ path: ['trustBundle'], extensions: { code } }]);
  });

  test('although the filter excludes the broken certificate', async () => {
    const { query, fail } = await start();
    fail(() => brokenItem);
    const { errors } = await query('{ trustBundle(filter: { status: [VALID] }) { sha256 } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});

test('an old answer, which stands in while AWS is down, is marked', async () => {
  const { elapsedMs, later, pass } = createServiceClock();
  const { query, fail } = await start({
    clock: { elapsedMs, later },
    env: { CACHE_TTL_MS: '1000', CACHE_STALE_MS: '60000' },
  });
  await query('{ trustBundle { sha256 } }');
  fail(() => html502);
  await pass(5000);
  const answer = await query(`{ trustBundle { ${IDS} } }`);
  expect(idsOf(answer)).toEqual(['expiring', 'newest']);
  expect(answer.extensions).toEqual({ stale: { ageSeconds: 5 } });
});

describe('the cost', () => {
  test('of texts is as high as they may be long', async () => {
    const { query } = await start({ env: { MAX_COST: '15000' } });
    expect((await query('{ trustBundle { a: text b: text(format: JSON) } }')).errors).toBe(undefined);
    const { errors } = await query('{ trustBundle { a: text b: text c: text } }');
    expect(errors?.[0]?.message).toBe('The operation is too large: expected cost up to 15000, got 15001.');
  });

  test('of certificates is that of 500', async () => {
    const { query } = await start({ env: { MAX_COST: '1000' } });
    expect((await query(`{ trustBundle { ${IDS} } }`)).errors).toBe(undefined);
    const { errors } = await query('{ trustBundle { clientCertificates { id arn } } }');
    expect(errors?.[0]?.message).toBe('The operation is too large: expected cost up to 1000, got 1002.');
  });

  test('never hides an answer that is too large', async () => {
    const { query } = await start({ env: { MAX_RESPONSE_BYTES: '7000' } });
    expect((await query('{ trustBundle { a: text b: text } }')).errors).toBe(undefined);
    const { errors } = await query('{ trustBundle { a: text b: text c: text d: text e: text } }');
    expect(errors).toMatchObject([{ extensions: { code: 'RESPONSE_TOO_LARGE' } }]);
  });
});
