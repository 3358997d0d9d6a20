import { expect, onTestFinished } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { createServiceClock } from '../support/clock.ts';
import { runService } from '../support/running-service.ts';
import { until } from '../support/sharing.ts';
import { type Answer, startReceiver } from './receiver.ts';

export const NOW = new Date('2026-11-29T12:00:00Z');
export const DAY_MS = 24 * 60 * 60 * 1000;

/** `whsec_` and 24 bytes. */
export const SECRET = `whsec_${Buffer.from('a secret of 24 letters..').toString('base64')}`;

/** How often the certificates are read. */
export const REFRESH_MS = 60_000;

/** How long what is due is gathered. */
export const GATHER_MS = 10_000;

/** A certificate that has so many days left, and an hour less. */
export const expiringIn = (days: number, id = `d${days}`): Example => ({
  id,
  createdDate: new Date(NOW.getTime() + (days - 365) * DAY_MS - 60 * 60 * 1000),
});

export type TellingOptions = {
  /** The value of NOTIFY_WEBHOOKS. */
  webhooks: string;
  env?: Record<string, string>;
  emulator?: EmulatorOptions;
  timeout?: (ms: number) => AbortSignal;
  every?: (ms: number, run: () => void) => void;
};

/** The service, which tells of its certificates. Its clock stands still until `pass` moves it. */
export async function startTelling({ webhooks, env = {}, emulator = {}, timeout, every }: TellingOptions) {
  const { elapsedMs, later, timers, pass } = createServiceClock();
  const startMs = elapsedMs();
  let wrongByMs = 0;
  const now = () => new Date(NOW.getTime() + elapsedMs() - startMs + wrongByMs);
  const wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = later(resolve, ms);
    signal?.addEventListener('abort', () => resolve());
    await promise.finally(cancel);
  };
  const service = await runService({
    emulator: { quota: 10_000, ...emulator },
    env: { NOTIFY_WEBHOOKS: webhooks, EXPIRY_REFRESH_MS: `${REFRESH_MS}`, ...env },
    clock: { now, elapsedMs, later, wait, ...(timeout && { timeout }), ...(every && { every }) },
  });
  const isWaiting = async (ms: number) =>
    until(() => waitsFor(ms) || Promise.reject(new Error(`nothing waits for ${ms} ms`)));
  const waitsFor = (ms: number) => timers().some((timer) => timer.ms === ms);

  /** Lets what was read be told. */
  async function tell(): Promise<void> {
    await isWaiting(GATHER_MS);
    await pass(GATHER_MS);
  }

  return {
    ...service,
    pass,
    /** Resolves once something waits for so long. */
    isWaiting,
    tell,
    /** Reads the certificates again, and lets that be told. */
    next: async () => {
      await isWaiting(REFRESH_MS);
      await pass(REFRESH_MS);
      await tell();
    },
    /** Lets the pause pass that a failure began, which is so long. */
    retry: async (ms: number) => {
      await isWaiting(ms);
      await pass(ms);
    },
    /** Sets the clock of the machine, and leaves its timers as they are; 0: as it should be. */
    setClock: (ms: number) => {
      wrongByMs = ms;
    },
    samples: async (metric: string) =>
      (await service.metrics.text()).split('\n').filter((line) => line.startsWith(metric)),
  };
}

/** The service with one certificate that has less than 7 days left, and the receivers of a file, which `check` reads again. */
export async function startFollowing(file: string, env: Record<string, string> = {}) {
  const checks: (() => void)[] = [];
  const telling = await startTelling({
    webhooks: '',
    env: { NOTIFY_WEBHOOKS_FILE: file, ...env },
    emulator: { examples: [expiringIn(6, 'c1')] },
    every: (_, run) => void checks.push(run),
  });
  return {
    ...telling,
    check: () => {
      for (const run of checks) run();
    },
  };
}

/** The service with one certificate that has less than 7 days left, and a receiver. */
export async function tellReceiver(answer: Answer, options: Partial<TellingOptions> = {}) {
  const receiver = await startReceiver(answer);
  const telling = await startTelling({
    webhooks: `${receiver.url} format=cloudevents secret=${SECRET}`,
    emulator: { examples: [expiringIn(6, 'c1')] },
    ...options,
  });
  const got = async (count: number) => until(() => expect(receiver.received).toHaveLength(count));
  const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);
  return { ...telling, receiver, got, ids };
}

/** The rejections from now on that nobody handles. */
export function unhandledRejections(): unknown[] {
  const reasons: unknown[] = [];
  const onRejection = (reason: unknown) => void reasons.push(reason);
  process.on('unhandledRejection', onRejection);
  onTestFinished(() => void process.off('unhandledRejection', onRejection));
  return reasons;
}

/** The reason that the log has for each failure. */
export const reasonsIn = (log: Record<string, unknown>[]) =>
  log.filter(({ msg }) => msg === 'could not send notices').map(({ reason }) => reason);
