import type { Viewer } from '../auth/viewer.ts';
import type { AccountRegion } from '../aws/account-region.ts';
import type { AccountRegions } from '../aws/account-regions.ts';
import { createAwsCalls } from '../aws/calls.ts';
import { createOperationEnd } from '../aws/operation-end.ts';
import type { ParallelReads } from '../aws/parallel-reads.ts';
import { type AwsUse, createAwsUse } from '../aws/use.ts';
import type { Clock } from '../clock.ts';
import { OverloadedError } from '../errors.ts';
import { createExpiry, type Expiry } from '../resources/client-certificates/client-certificate.ts';
import type { ClientCertificates } from '../resources/client-certificates/client-certificates.ts';
import { createDoors } from '../resources/doors.ts';
import {
  type AccountRegionStates,
  createAccountRegionStates,
} from '../resources/everywhere/account-region-states.ts';
import { createEverywhere } from '../resources/everywhere/everywhere.ts';
import type { AllKnowledge } from '../resources/knowledge.ts';
import type { Operation } from '../resources/operation.ts';
import type { ApiStages } from '../resources/stages/api-stages.ts';
import type { Config } from '../settings/config.ts';
import { createFieldErrors, type FieldErrors } from './field-errors.ts';

/** What the resolvers of one operation share. */
export type Context = {
  clientCertificates: ClientCertificates;
  apiStages: ApiStages;
  accountRegions: AccountRegionStates;
  expiry: Expiry;
  awsUse: AwsUse;
  fieldErrors: FieldErrors;
};

export type ContextOptions = {
  config: Config;
  accountRegions: AccountRegions;
  knowledge: AllKnowledge;
  inParallel: ParallelReads;
  inBackground: ParallelReads;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'later' | 'wait'>;
};

/** The caller of an operation. */
export type Asker = {
  viewer: Viewer;
  /** Identifies the client, because AWS calls are shared fairly. */
  client?: string;
  gone: () => AbortSignal;
  /** The arrival of the request by the clock's `elapsedMs`; its time is counted from then on. */
  startedAtMs?: number;
  /** Resolves when the operation may continue after it has waited for something that others wait for, too. */
  inTurn?: () => Promise<void>;
};

/** Makes a context per operation. It waits for AWS no longer than its client does, and than its time allows. */
export function createContext(options: ContextOptions): (asker: Asker) => Context {
  const { config, accountRegions, knowledge, inParallel, inBackground, clock } = options;
  const doorsIn = createDoors({ knowledge, clock });
  const together = config.MAX_PARALLEL_READS;
  const everywhere = createEverywhere({
    accountRegions,
    knowledge,
    inParallel,
    inBackground,
    together,
    timeoutMs: config.REQUEST_TIMEOUT_MS,
    clock,
  });
  return ({ viewer, client = '', gone, startedAtMs = clock.elapsedMs(), inTurn = async () => undefined }) => {
    const now = clock.now();
    const expiry = createExpiry(now, config.EXPIRING_WITHIN_DAYS);
    const endsAtMs = startedAtMs + config.REQUEST_TIMEOUT_MS;
    const use = createAwsUse();
    async function inTurnAndTime(): Promise<void> {
      await inTurn();
      if (clock.elapsedMs() > endsAtMs || gone().aborted) throw new OverloadedError();
    }
    const timeLeft = () => ({ gone, timeoutMs: endsAtMs - clock.elapsedMs(), clock });
    const operationIn = (accountRegion: AccountRegion): Operation => ({
      aws: createAwsCalls({
        use,
        accountRegion,
        onBehalfOf: client,
        ...timeLeft(),
        maxCalls: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
      }),
      viewer,
      inTurn,
      inTurnAndTime,
    });
    const doorsOf = (accountRegion: AccountRegion) =>
      doorsIn(accountRegion, { ...operationIn(accountRegion), expiry });
    const doors = accountRegions.areNamed
      ? everywhere({
          use,
          viewer,
          client,
          end: createOperationEnd(timeLeft()),
          expiry,
          now,
          inTurn,
          inTurnAndTime,
          doorsIn: doorsOf,
        })
      : doorsOf(accountRegions.all[0]);
    return {
      clientCertificates: doors.clientCertificates,
      apiStages: doors.apiStages,
      accountRegions: createAccountRegionStates(accountRegions.all, { viewer, use }),
      expiry,
      awsUse: use,
      fieldErrors: createFieldErrors(),
    };
  };
}
