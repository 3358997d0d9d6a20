import { StandardRetryStrategy } from '@smithy/core/retry';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import type { Example, RestApiSeed } from '../../src/emulator/seeds.ts';
import { loggerOptions } from '../../src/observability/log.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { createService, type ServiceOptions as ProductOptions } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { emulate } from '../emulator/support.ts';

export type ServiceOptions = Omit<InProcessOptions, 'upstream'> & {
  emulator?: EmulatorOptions;
  now?: () => Date;
  elapsedMs?: () => number;
};

export type InProcessOptions = Pick<
  ProductOptions,
  'upstream' | 'clock' | 'slowMs' | 'metrics' | 'checkConnectionsMs' | 'pageFolder'
> & {
  env?: Record<string, string>;
  /** The headers of every request, besides its own. */
  headers?: Record<string, string>;
  /** The pause before a call is retried; 0 by default. */
  retryPauseMs?: number;
};

/** A GraphQL response, as a test reads it. */
export type Answer = {
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of its answer
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  extensions?: any;
};

/** An issuer is never too slow, so that tests pass on a slow machine. */
export const noTimeout = (): AbortSignal => new AbortController().signal;

/**
 * Operations share nothing, no call waits, and none is made in the background, unless a test is about that.
 */
const UNSHARED = {
  CACHE_TTL_MS: '0',
  CACHE_STALE_MS: '0',
  UPSTREAM_CALLS_PER_SECOND: '0',
  STAGE_READS_PER_SECOND: '0',
};

/** An AWS call without an answer is soon over, while one with an answer has time enough on a busy machine. */
export const SHORT_CALLS = { UPSTREAM_REQUEST_TIMEOUT_MS: '1000' };

/** The SDK's credentials in tests. */
export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** The SDK's own, with a pause of `pauseMs` between the attempts. */
const createRetryStrategy = (pauseMs: number) =>
  new StandardRetryStrategy({
    maxAttempts: 3,
    backoff: { setDelayBase: () => undefined, computeNextBackoffDelay: () => pauseMs },
  });

/**
 * All parts of the service, as the product composes them, without a socket. `operations` has the log lines of
 * operations, `log` all others.
 */
export async function createInProcess(options: InProcessOptions = {}) {
  const service = await createParts(options);
  onTestFinished(service.server.close);
  return service;
}

/** The same, for all tests of a file. */
export async function createParts(options: InProcessOptions = {}) {
  const { env = {}, upstream, clock, pageFolder, headers: always = {}, retryPauseMs = 0 } = options;
  // Long enough for a busy machine, unless a test is about it.
  const { slowMs = 20_000, metrics = createMetrics(), checkConnectionsMs = 50 } = options;
  const log: Record<string, unknown>[] = [];
  const operations: Record<string, unknown>[] = [];
  const config = parseConfig({ PORT: '0', DRAIN_TIMEOUT_MS: '100', ...UNSHARED, ...env });
  const write = (line: string) => {
    const entry = JSON.parse(line);
    (entry.msg === 'operation' ? operations : log).push(entry);
  };
  const server = await createService({
    config,
    log: pino({ ...loggerOptions('info'), base: null, timestamp: false }, { write }),
    metrics,
    slowMs,
    checkConnectionsMs,
    pageFolder,
    // Without periodic work, nothing refers to the service once its test has ended.
    clock: { timeout: noTimeout, every: () => undefined, ...clock },
    upstream: { region: 'us-east-1', retryStrategy: createRetryStrategy(retryPauseMs), ...upstream },
  });

  const [accountRegion] = server.accountRegions.all;
  const { certificates, stageIndex } = server.knowledge.of(accountRegion);

  async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return server.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...always, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  return {
    config,
    accountRegions: server.accountRegions,
    accountRegion,
    cache: certificates,
    stageIndex,
    log,
    metrics,
    operations,
    server,
    post,
    query: async (query: string, variables?: object): Promise<Answer> =>
      withoutRequestIds(await (await post({ query, variables })).json()),
  };
}

/**
 * The service with its own emulator, through the real SDK over a real socket. `calls` has the AWS operations that
 * reached the emulator; `fail` sets the faults of the next ones.
 */
export async function startService({
  emulator = {},
  now,
  elapsedMs,
  clock,
  ...options
}: ServiceOptions = {}) {
  const calls: string[] = [];
  let fault: NonNullable<EmulatorOptions['fault']> = () => undefined;
  const { url: endpoint, client } = await emulate({
    ...(now && { now }),
    ...emulator,
    fault: (operation, labels, accountRegion) => {
      calls.push(operation);
      return fault(operation, labels, accountRegion);
    },
  });
  const service = await createInProcess({
    ...options,
    upstream: { endpoint, credentials: CREDENTIALS },
    clock: {
      elapsedMs: elapsedMs ?? (() => 0), // operations that arrive together begin together, however slow the machine is
      ...(now && { now }),
      ...clock,
    },
  });
  return {
    ...service,
    calls,
    endpoint,
    /** An SDK client of the same emulator, for changes without the service. */
    client,
    /** The calls that `run` makes. */
    callsOf: async (run: () => Promise<unknown>): Promise<string[]> => {
      calls.length = 0;
      await run();
      return [...calls];
    },
    fail: (next: typeof fault) => {
      fault = next;
    },
  };
}

/** The global id of the certificate with this AWS id, in the tests' region. */
export const globalIdOf = (clientCertificateId: string): string =>
  encodeGlobalId('ClientCertificate', arnOf('us-east-1', clientCertificateId));

/** `c000`, `c001` and so on, which is the order of AWS's pages. */
export const examples = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `c${String(i).padStart(3, '0')}`,
    createdDate: new Date('2026-11-01T00:00:00Z'),
  }));

/** REST APIs `r000`, `r001` and so on, which is the order of AWS's pages, with these stages. */
export const restApis = (
  count: number,
  stages: (i: number) => NonNullable<RestApiSeed['stages']>,
): RestApiSeed[] =>
  Array.from({ length: count }, (_, i) => ({ id: `r${String(i).padStart(3, '0')}`, stages: stages(i) }));

/** Removes the request id of every error, for tests that are not about it. */
export function withoutRequestIds(answer: Answer): Answer {
  for (const { extensions } of answer.errors ?? []) {
    if (typeof extensions['requestId'] !== 'string') throw new Error('an error has no requestId');
    delete extensions['requestId'];
  }
  return answer;
}
