import type { AccountRegion } from '../../aws/account-region.ts';
import { createAwsCalls } from '../../aws/calls.ts';
import type { Replicas } from '../../replicas/replicas.ts';
import type { Config } from '../../settings/config.ts';
import { isUnavailable } from '../../shared-reads/health.ts';
import type { SharedReads } from '../../shared-reads/interface.ts';
import { createSharedReads } from '../../shared-reads/shared-reads.ts';
import type { Clock } from '../../time/clock.ts';
import type { Item } from './list.ts';
import { clientCertificateSource } from './source.ts';

export type ClientCertificateCacheOptions = {
  config: Config;
  accountRegion: AccountRegion;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
  /** A read without an answer for this long is slow. */
  slowMs?: number;
  /** Ends reads in the background. */
  signal: AbortSignal;
  /** Undefined if this process is the only one. */
  replicas?: Replicas | undefined;
};

/** The reads of the client certificates of an account and region that all operations share. */
export function createClientCertificateCache({
  config,
  accountRegion,
  clock,
  slowMs,
  signal,
  replicas,
}: ClientCertificateCacheOptions): SharedReads<Item> {
  return createSharedReads({
    source: clientCertificateSource(accountRegion),
    ttlMs: config.CACHE_TTL_MS,
    staleMs: config.CACHE_STALE_MS,
    maxPages: config.MAX_COLLECTION_PAGES,
    elapsedMs: clock.elapsedMs,
    later: clock.later,
    readsAhead: accountRegion.where === undefined, // of many, a few are read at a time
    replicas: replicas && { changes: replicas.changes, store: replicas.answerStoreIn(accountRegion.name) },
    ...(slowMs && { slowMs }),
    onOutcome: (error) => {
      if (error === undefined) accountRegion.availability.wentWell();
      else if (isUnavailable(error)) accountRegion.availability.failed(error);
    },
    background: () =>
      createAwsCalls({
        accountRegion,
        onBehalfOf: '',
        gone: () => signal,
        timeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
        maxCalls: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
        repeats: false,
        clock,
      }),
  });
}
