import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { onTestFinished } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { CREDENTIALS, type ServiceOptions, startService } from './service.ts';

/** When the tests of stages begin. */
export const START = new Date('2026-11-28T12:00:00Z');

type Waiter = { atMs: number; resolve: () => void };

/**
 * A clock for so many crawls at the same time, each of which reads AWS in the background, one call after the other. It goes on when all of
 * them wait, to the moment that one of them waits for, as far as `pass` allows, so that hours take no longer than the calls in them.
 */
export function createCrawlClock(crawls = 1) {
  let nowMs = 0;
  let untilMs = 0;
  let idle = Promise.withResolvers<void>();
  const waiting = new Set<Waiter>();

  function goOn(): void {
    if (waiting.size < crawls) return;
    const [next] = [...waiting].sort((a, b) => a.atMs - b.atMs);
    if (!next || next.atMs > untilMs) {
      nowMs = untilMs;
      idle.resolve();
      return;
    }
    nowMs = Math.max(nowMs, next.atMs);
    waiting.delete(next);
    next.resolve();
  }

  return {
    elapsedMs: () => nowMs,
    now: () => new Date(START.getTime() + nowMs),
    wait: async (ms: number, signal?: AbortSignal): Promise<void> => {
      if (!signal) return; // nobody who crawls
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.add({ atMs: nowMs + ms, resolve });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      goOn();
      await promise;
    },
    /** Resolves once so many milliseconds are over, and everything that was due by then is done. */
    pass: async (ms: number): Promise<void> => {
      idle = Promise.withResolvers();
      untilMs += ms;
      goOn();
      await idle.promise;
    },
  };
}

/** A call that the emulator got: when, and about which API. */
export type Call = { operation: string; apiId: string | undefined; atMs: number };

/** Has a service read its stages until the end of the test, which waits for that. Resolves when it is over. */
export async function crawlUntilTheEnd(server: {
  crawlStages(): Promise<void>;
  close(): void;
}): Promise<void> {
  const ended = server.crawlStages();
  onTestFinished(async () => {
    server.close();
    await ended;
  });
  return ended;
}

/** The service while it reads the stages of its emulator, as fast as the clock of the test allows. */
export async function startCrawling({ env = {}, ...options }: Omit<ServiceOptions, 'clock'> = {}) {
  const { pass, ...clock } = createCrawlClock();
  const service = await startService({
    env: { STAGE_READS_PER_SECOND: '1', ...env },
    clock: { wait: clock.wait },
    now: clock.now,
    elapsedMs: clock.elapsedMs,
    ...options,
  });
  const crawlCalls: Call[] = [];
  let fault: NonNullable<EmulatorOptions['fault']> = () => undefined;
  service.fail((operation, labels, accountRegion) => {
    const apiId = labels['restApiId'] ?? labels['apiId'];
    if (/^Get(Apis|RestApis|Stages)/.test(operation))
      crawlCalls.push({ operation, apiId, atMs: clock.elapsedMs() });
    return fault(operation, labels, accountRegion);
  });
  const ended = crawlUntilTheEnd(service.server);
  const v2Client = new ApiGatewayV2Client({
    endpoint: service.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  onTestFinished(() => v2Client.destroy());
  return {
    ...service,
    v2Client,
    pass,
    elapsedMs: clock.elapsedMs,
    /** What was read of APIs and stages. */
    crawlCalls,
    ended,
    fail: (next: typeof fault) => {
      fault = next;
    },
    /** The state of the index, as `apiStages` says it. */
    index: async () => {
      const { data } = await service.query('{ apiStages { index { apis apisRead complete oldestReadAt } } }');
      return data.apiStages.index;
    },
    /** The usage of each certificate, by AWS's id. */
    usages: async (): Promise<Record<string, string>> => {
      const { data } = await service.query(
        '{ clientCertificates(first: 500) { nodes { clientCertificateId usage } } }',
      );
      const nodes: { clientCertificateId: string; usage: string }[] = data.clientCertificates.nodes;
      return Object.fromEntries(nodes.map(({ clientCertificateId, usage }) => [clientCertificateId, usage]));
    },
  };
}
