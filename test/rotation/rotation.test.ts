import { expect, test } from 'vitest';
import { until } from '../support/sharing.ts';
import { createCertway, stageArn } from './certway.ts';
import { outcomes } from './load.ts';
import { FINGERPRINTS } from './nginx.ts';
import { startPayments, totals } from './payments.ts';

const NONE_FAILED = { failed: 0, how: {} };

/** Under load, with a new certificate that nginx does not know yet. */
async function startGenerated() {
  const payments = await startPayments(FINGERPRINTS);
  const service = await payments.serve();
  const certway = createCertway(service);
  const { reload } = await payments.nginx.start(await certway.bundle());
  const requests = payments.load();
  const made = await payments.step('generate', certway.generate);
  const old = await certway.certificate('old');
  const [before, after] = [`200 ${old.sha1}`, `200 ${made.sha1}`];
  return { ...payments, service, certway, reload, requests, old, made, before, after };
}

test('a rotation fails no request', async () => {
  const { certway, reload, requests, made, before, after, step, truth } = await startGenerated();
  const accepted = { status: 200, accepted: true };
  const refused = { status: 403, accepted: false };
  expect(await step('test', () => certway.test(made.id, 'canary'))).toEqual(refused);
  expect(outcomes(await requests.next())).toEqual({ canary: [before], prod: [before] });

  await reload(await step('trust bundle', certway.bundle));
  expect(await step('test again', () => certway.test(made.id, 'canary'))).toEqual(accepted);
  expect(await certway.test('old', 'canary')).toEqual(accepted);
  expect(await certway.test('stranger', 'canary')).toEqual(refused);
  const plan = await step('dry run', () => certway.replace({ id: 'old', dryRun: true }));
  expect(plan).toEqual({ canary: 'PLANNED', prod: 'PLANNED', remaining: 2 });
  expect(outcomes(await requests.next())).toEqual({ canary: [before], prod: [before] });

  const input = { id: 'old', trustedFingerprintSha256: made.sha256 };
  const one = await step('one stage', () => certway.replace({ ...input, stages: [stageArn('canary')] }));
  expect(one).toEqual({ canary: 'REPLACED', remaining: 0 });
  await expect(step('delete too early', () => certway.delete('old'))).rejects.toThrow('used by a stage');
  expect(outcomes(await requests.next())).toEqual({ canary: [after], prod: [before] });

  const rest = await step('the rest', () => certway.replace(input));
  expect(rest).toEqual({ canary: 'ALREADY_REPLACED', prod: 'REPLACED', remaining: 0 });
  expect(outcomes(await requests.next())).toEqual({ canary: [after], prod: [after] });

  await step('out of the bundle', () => certway.untag('old'));
  await reload(await step('trust bundle', certway.bundle));
  expect(await certway.test('old', 'prod')).toEqual(refused);
  await step('delete', () => certway.delete('old'));
  expect(outcomes(await requests.next())).toEqual({ canary: [after], prod: [after] });
  expect(totals(await requests.end())).toEqual(NONE_FAILED);
  expect(await truth()).toEqual([made.id, made.id]);
});

test.each([
  { when: 'between two stages', at: 'GetStage', kind: 'lost', left: 1 },
  { when: 'before it hears of a change', at: 'UpdateStage', kind: 'no-answer', left: 0 },
] as const)(
  'a rotation whose service is killed $when goes on with the next one, and fails no request',
  async ({ at, kind, left }) => {
    const payments = await startGenerated();
    const { service, certway, reload, requests, made, before, after, step, fail, truth } = payments;
    await reload(await certway.bundle());
    let times = 0;
    fail((operation) => (operation === at && ++times === 2 ? { kind } : undefined)); // of the second stage
    const input = { id: 'old', trustedFingerprintSha256: made.sha256 };
    const interrupted = expect(certway.replace(input)).rejects.toThrow('fetch failed');
    await until(async () => {
      expect(times).toBeGreaterThanOrEqual(2);
      expect(await truth()).toEqual([made.id, left ? 'old' : made.id]);
    });
    service.child.kill('SIGKILL');
    await interrupted;
    expect((await service.end()).code).toBe('SIGKILL');
    expect(outcomes(await requests.next())).toEqual({ canary: [after], prod: [left ? before : after] });

    const again = createCertway(await payments.serve());
    expect(await step('generate again', again.generate)).toEqual({ ...made, generated: false });
    const rest = await step('the rest', () => again.replace(input));
    const prod = left ? 'REPLACED' : 'ALREADY_REPLACED';
    expect(rest).toEqual({ canary: 'ALREADY_REPLACED', prod, remaining: 0 });
    expect(outcomes(await requests.next())).toEqual({ canary: [after], prod: [after] });
    expect(totals(await requests.end())).toEqual(NONE_FAILED);
  },
);

test('a rotation that goes back after the first stage fails no request', async () => {
  const { certway, reload, requests, old, made, before, after, step, truth } = await startGenerated();
  await reload(await certway.bundle());
  const stages = [stageArn('canary')];
  await certway.replace({ id: 'old', stages, trustedFingerprintSha256: made.sha256 });
  expect(outcomes(await requests.next())).toEqual({ canary: [after], prod: [before] });

  const swapped = { id: made.id, with: 'old', stages, trustedFingerprintSha256: old.sha256 };
  expect(await step('back', () => certway.replace(swapped))).toEqual({ canary: 'REPLACED', remaining: 0 });
  expect(outcomes(await requests.next())).toEqual({ canary: [before], prod: [before] });
  expect(totals(await requests.end())).toEqual(NONE_FAILED);
  expect(await truth()).toEqual(['old', 'old']);
});
