import { expect, vi } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { createServiceClock } from './clock.ts';
import { examples, type ServiceOptions, startService } from './service.ts';

export const LIST = 'GetClientCertificates';
export const GET = 'GetClientCertificate';
export const UPDATE = 'UpdateClientCertificate';

export const throttled: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
};
export const failed: Fault = { kind: 'error', error: new AwsError(500, 'InternalFailure', 'oops') };
export const denied: Fault = { kind: 'error', error: new AwsError(403, 'AccessDeniedException', 'no') };

export const lookup = (id: string): string =>
  `{ clientCertificate(id: "${id}") { clientCertificateId description } }`;
export const page = (first: number, after?: string): string =>
  `{ clientCertificates(first: ${first}${after ? `, after: "${after}"` : ''}) {
    nodes { clientCertificateId description } pageInfo { hasNextPage endCursor }
  } }`;
export const COUNT = '{ clientCertificates { totalCount } }';
export const update = (id: string, description: string): string =>
  `mutation { updateClientCertificate(input: { id: "${id}", description: "${description}" }) { __typename } }`;

/** Waits for a condition, long enough for a busy machine. */
export const until = async <R>(condition: () => R | Promise<R>): Promise<R> =>
  vi.waitFor(condition, { timeout: 50_000, interval: 10 });

export { turns } from './clock.ts';

export type SharingOptions = ServiceOptions & { count?: number };

/** The service with certificates `c000` and so on. Its clock stands still until `pass` moves it and runs due timers. */
export async function startSharing({ count = 3, env = {}, ...options }: SharingOptions = {}) {
  const { elapsedMs, later, pass } = createServiceClock();
  const service = await startService({
    emulator: { examples: examples(count), quota: 10_000 },
    env: { CACHE_TTL_MS: '1000', CACHE_STALE_MS: '60000', EXPOSE_COST: 'true', ...env },
    elapsedMs,
    clock: { later },
    ...options,
  });
  const { calls, server, query } = service;

  return {
    ...service,
    pass,
    /** Holds the answer to the next call, or to the next one of `operation`, until it is released. */
    hold: (operation?: string) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let isHeld = false;
      service.fail((name) => {
        if (isHeld || (operation && name !== operation)) return undefined;
        isHeld = true;
        return { kind: 'held', until: promise };
      });
      return resolve;
    },
    /** Resolves once at least this many calls have reached AWS. */
    arrived: async (count: number) => until(() => expect(calls.length).toBeGreaterThanOrEqual(count)),
    /** A request whose client may disconnect. */
    ask: (text: string) => {
      const gone = new AbortController();
      const response = server.fetch('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: text }),
        signal: gone.signal,
      });
      return { leave: () => gone.abort(), answer: response.then(async (answered) => answered.json()) };
    },
    /** The AWS calls of an operation, as its response says. */
    costOf: async (text: string): Promise<unknown> => (await query(text)).extensions.cost.awsCalls,
  };
}
