import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createApiGateway } from '../../src/aws/api-gateway.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import type { EmulatorOptions, Example } from '../../src/emulator/index.ts';
import { loggerOptions } from '../../src/observability/log.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { createClientCertificateCache } from '../../src/resources/client-certificates/cache.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { createServer } from '../../src/server.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { emulate } from '../emulator/support.ts';

export type ServiceOptions = {
  emulator?: EmulatorOptions;
  env?: Record<string, string>;
  now?: () => Date;
  elapsedMs?: () => number;
  /** After that long a read of AWS is slow: longer than a busy machine is, unless a test is about it. */
  slowMs?: number;
  /** What every request has besides its own headers. */
  headers?: Record<string, string>;
};

/** What GraphQL answers, as a test reads it. */
export type Answer = {
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  extensions?: any;
};

/** A slow machine is no issuer that does not answer. */
export const noTimeout = (): AbortSignal => new AbortController().signal;

/** Nothing of one operation is left for the next, and no call waits, unless a test is about that. */
export const UNSHARED = { CACHE_TTL_MS: '0', CACHE_STALE_MS: '0', UPSTREAM_CALLS_PER_SECOND: '0' };

/**
 * The service on an emulator of its own, through the real SDK over a real socket. `calls` has the AWS operations that
 * reached the emulator, `fail` makes the next ones go wrong, `operations`
 * has the log's line for each, `log` all others.
 */
export async function startService({
  emulator = {},
  env = {},
  now,
  elapsedMs,
  slowMs = 20_000,
  headers: always = {},
}: ServiceOptions = {}) {
  const calls: string[] = [];
  const log: Record<string, unknown>[] = [];
  const operations: Record<string, unknown>[] = [];
  let fault: (operation: string) => Fault | undefined = () => undefined;
  const { url, client } = await emulate({
    ...(now && { now }),
    ...emulator,
    fault: (operation) => {
      calls.push(operation);
      return fault(operation);
    },
  });
  const config = parseConfig({ ...UNSHARED, ...env });
  const metrics = createMetrics();
  const apiGateway = await createApiGateway({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
    callsPerSecond: config.UPSTREAM_CALLS_PER_SECOND,
    onCall: metrics.awsCall,
    onHeldBack: metrics.heldBack,
    onDenied: metrics.denied,
    ...(elapsedMs && { elapsedMs }),
  });
  const ending = new AbortController();
  onTestFinished(() => {
    ending.abort();
    apiGateway.client.destroy();
  });
  const cache = createClientCertificateCache({
    config,
    apiGateway,
    signal: ending.signal,
    slowMs,
    ...(elapsedMs && { elapsedMs }),
  });
  const server = await createServer({
    config,
    apiGateway,
    cache,
    metrics,
    log: pino(
      { ...loggerOptions('info'), base: null, timestamp: false },
      {
        write: (line) => {
          const entry = JSON.parse(line);
          (entry.msg === 'operation' ? operations : log).push(entry);
        },
      },
    ),
    ...(now && { now }),
    timeout: noTimeout,
    elapsedMs: elapsedMs ?? (() => 0), // what comes at once begins at once, however slow the machine
  });

  async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return server.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...always, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  return {
    calls,
    config,
    apiGateway,
    cache,
    log,
    metrics,
    operations,
    /** An SDK client of the same emulator, for what happens behind the service's back. */
    client,
    server,
    post,
    query: async (query: string, variables?: object): Promise<Answer> =>
      withoutRequestIds(await (await post({ query, variables })).json()),
    /** The calls that `run` makes. */
    callsOf: async (run: () => Promise<unknown>): Promise<string[]> => {
      calls.length = 0;
      await run();
      return [...calls];
    },
    fail: (next: (operation: string) => Fault | undefined) => {
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

/** The id of its request is in every error; tests that do not look at it need not know it. */
export function withoutRequestIds(answer: Answer): Answer {
  for (const { extensions } of answer.errors ?? []) {
    if (typeof extensions['requestId'] !== 'string') throw new Error('an error has no requestId');
    delete extensions['requestId'];
  }
  return answer;
}
