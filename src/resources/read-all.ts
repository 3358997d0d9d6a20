import type { AccountRegion } from '../aws/account-region.ts';
import { createAwsCalls } from '../aws/calls.ts';
import type { ParallelReads } from '../aws/parallel-reads.ts';
import { oldestReadAtMs } from '../aws/stamps.ts';
import type { Config } from '../settings/config.ts';
import type { Clock } from '../time/clock.ts';
import type { ClientCertificate } from './client-certificates/client-certificate.ts';
import { isWhole } from './client-certificates/list.ts';
import type { AllKnowledge } from './knowledge.ts';

/** Certificates, as AWS had them at `readAtMs`, in milliseconds since 1970. */
export type Reading = {
  certificates: ClientCertificate[];
  readAtMs: number;
  /** Whether an earlier answer stands in, because AWS did not answer as it should. */
  isStale: boolean;
  /** Whether AWS sent no broken ones besides. */
  areAllWhole: boolean;
};

/** Reads all client certificates of an account and region for the service itself, without broken ones. */
export type ReadAll = (accountRegion: AccountRegion) => Promise<Reading>;

export type ReadAllOptions = {
  config: Config;
  knowledge: AllKnowledge;
  inParallel: ParallelReads;
  /** Ends the reads. */
  signal: AbortSignal;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'later'>;
};

export const createReadAll =
  ({ config, knowledge, inParallel, signal, clock }: ReadAllOptions): ReadAll =>
  async (accountRegion) =>
    inParallel('', async () => {
      const aws = createAwsCalls({
        accountRegion,
        onBehalfOf: '',
        gone: () => signal,
        timeoutMs: config.REQUEST_TIMEOUT_MS,
        maxCalls: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
        clock,
      });
      await knowledge.catchUp();
      const { items } = await knowledge.of(accountRegion).certificates.read({ kind: 'all' }, aws);
      // a stale answer, which stands in while AWS does not answer, was read earlier
      const readAtMs = clock.now().getTime() - clock.elapsedMs() + oldestReadAtMs(aws.use.stamps);
      const certificates = items.map(({ node }) => node).filter(isWhole);
      const areAllWhole = certificates.length === items.length;
      return { certificates, readAtMs, isStale: aws.use.staleMs > 0, areAllWhole };
    });
