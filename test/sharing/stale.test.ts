import { GenerateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { html502 } from '../../src/emulator/fault.ts';
import { type Answer, SHORT_CALLS } from '../support/service.ts';
import {
  COUNT,
  denied,
  failed,
  LIST,
  lookup,
  page,
  startSharing,
  throttled,
  turns,
  until,
} from '../support/sharing.ts';

const NO_ANSWERS = [
  ['throttles', throttled, {}],
  ['fails', failed, {}],
  ['answers with an HTML page', html502, {}],
  ['does not answer', { kind: 'no-answer' }, SHORT_CALLS],
  ['is slow', { kind: 'no-answer' }, {}],
] as const;

/** As in the product. */
const SLOW_MS = 500;
const RETRY_MS = 500;

describe.for(NO_ANSWERS)('while AWS %s', ([how, fault, env]) => {
  const slowMs = how === 'is slow' ? SLOW_MS : 0;

  async function start() {
    const service = await startSharing({ env, slowMs: SLOW_MS });
    const { query, calls, arrived, pass } = service;
    /** The first request since then: by its answer the service notices. */
    const queryFirst = async (text: string): Promise<Answer> => {
      const count = calls.length;
      const answer = query(text);
      await arrived(count + 1);
      pass(slowMs);
      return answer;
    };
    return { ...service, queryFirst };
  }

  test('a stale answer is used, and says how old it is', async () => {
    const { query, queryFirst, post, pass, fail, metrics } = await start();
    const { data } = await query(page(3));
    pass(59_000 - slowMs);
    fail(() => fault);
    expect(await queryFirst(page(3))).toMatchObject({ data, extensions: { stale: { ageSeconds: 59 } } });
    const response = await post({ query: lookup('c001') });
    expect(response.headers.get('age')).toBe('59');
    expect(await response.json()).toMatchObject({ extensions: { stale: { ageSeconds: 59 } } });
    expect(await metrics.text()).toContain('certway_stale_answers_total 2');
  });

  test('few calls are made', async () => {
    const { query, queryFirst, pass, fail, calls } = await start();
    await query(COUNT);
    pass(2000);
    fail(() => fault);
    calls.length = 0;
    await queryFirst(page(3));
    for (let i = 0; i < 200; i += 1) {
      pass(50);
      await query(page(1 + (i % 3)));
    }
    const halfSeconds = (200 * 50) / 500;
    expect(calls.length).toBeLessThanOrEqual(5 + halfSeconds); // three for the first read, then two per second
  });

  test('the service notices without a request that AWS works again', async () => {
    const { query, queryFirst, pass, fail, calls } = await start();
    await query(page(3));
    pass(2000);
    fail(() => fault);
    await queryFirst(page(3));
    calls.length = 0;
    fail(() => undefined);
    await until(async () => {
      await pass(RETRY_MS);
      expect(await query(page(3))).not.toHaveProperty('extensions.stale');
    });
    expect(calls).toEqual([LIST]);
  });
});

test('an answer that is older than CACHE_STALE_MS is not used', async () => {
  const { query, pass, fail } = await startSharing();
  await query(lookup('c001'));
  pass(60_000);
  fail(() => throttled);
  expect(await query(lookup('c001'))).toMatchObject({ errors: [{ extensions: { code: 'THROTTLED' } }] });
});

test('a stale answer does not become fresh again', async () => {
  const { query, pass, fail } = await startSharing({ env: { EXPOSE_COST: 'false' } });
  await query(lookup('c001'));
  pass(2000);
  fail(() => throttled);
  expect(await query(lookup('c001'))).toMatchObject({ extensions: { stale: { ageSeconds: 2 } } });
  pass(3000);
  expect(await query(lookup('c001'))).toMatchObject({ extensions: { stale: { ageSeconds: 5 } } });
});

test('fields that need AWS fail, and those with a known answer are returned', async () => {
  const { query, pass, fail } = await startSharing();
  await query(lookup('c001'));
  pass(2000);
  fail(() => throttled);
  const { data, errors } = await query(`{
    a: clientCertificate(id: "c001") { clientCertificateId }
    b: clientCertificate(id: "c002") { clientCertificateId }
  }`);
  expect(data).toEqual({ a: { clientCertificateId: 'c001' }, b: null });
  expect(errors).toMatchObject([{ path: ['b'], extensions: { code: 'THROTTLED' } }]);
});

describe('when AWS refuses the credentials of the service', () => {
  test('no stale answer is used', async () => {
    const { query, pass, fail } = await startSharing();
    await query(lookup('c001'));
    pass(2000);
    fail(() => denied);
    const { errors } = await query(lookup('c001'));
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
  });

  test('no stale answer is used, even if AWS throttled before', async () => {
    const { query, pass, fail } = await startSharing();
    await query(lookup('c001'));
    pass(2000);
    fail(() => throttled);
    expect(await query(lookup('c001'))).toMatchObject({ extensions: { stale: { ageSeconds: 2 } } });
    fail(() => denied);
    await until(async () => {
      await pass(RETRY_MS); // in the background
      expect(await query(lookup('c001'))).toMatchObject({
        errors: [{ extensions: { code: 'UPSTREAM_DENIED' } }],
      });
    });
  });
});

test('a fresh page is preferred to an older collection', async () => {
  const { query, pass, fail, client } = await startSharing();
  await query(COUNT);
  pass(2000);
  await client.send(new GenerateClientCertificateCommand({}));
  const { data } = await query(page(10));
  expect(data.clientCertificates.nodes).toHaveLength(4);
  fail(() => failed);
  await query(COUNT); // by which the service notices that AWS fails
  const again = await query(page(10));
  expect(again).toMatchObject({ data });
  expect(again).not.toHaveProperty('extensions.stale');
});

test('reads that are gathered with one in the background are retried as usual', async () => {
  const { query, pass, fail, hold, arrived } = await startSharing({ env: { CACHE_TTL_MS: '200' } });
  await query(lookup('c001'));
  pass(2000);
  fail(() => throttled);
  await query(lookup('c001'));
  await arrived(5); // the retries, and then the first one in the background
  await turns();
  const release = hold();
  const first = query(lookup('c000'));
  await arrived(6);
  pass(500); // from now on, the background wants a read too
  const second = query(lookup('c002'));
  await turns();
  const faults = [throttled];
  fail(() => faults.shift());
  release();
  await first;
  expect((await second).data).toMatchObject({ clientCertificate: { clientCertificateId: 'c002' } });
});
