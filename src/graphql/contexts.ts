import type { Viewer } from '../auth/viewer.ts';
import type { AccountRegion } from '../aws/account-region.ts';
import type { AccountRegions } from '../aws/account-regions.ts';
import { createAwsCalls } from '../aws/calls.ts';
import { createNoAwsCalls } from '../aws/known-only.ts';
import { createOperationEnd } from '../aws/operation-end.ts';
import type { ParallelReads } from '../aws/parallel-reads.ts';
import { createAwsUse } from '../aws/use.ts';
import { OverloadedError } from '../errors/errors.ts';
import type { Changes } from '../resources/client-certificates/changes/changes.ts';
import { createExpiry } from '../resources/client-certificates/client-certificate.ts';
import { createDoors } from '../resources/doors.ts';
import { createAccountRegionStates } from '../resources/everywhere/account-region-states.ts';
import { createEverywhere } from '../resources/everywhere/everywhere.ts';
import type { AllKnowledge } from '../resources/knowledge.ts';
import type { Operation } from '../resources/operation.ts';
import type { Config } from '../settings/config.ts';
import type { Clock } from '../time/clock.ts';
import { createPatience } from '../time/patience.ts';
import type { Context } from './context.ts';
import { createFieldErrors } from './field-errors.ts';
import { KnownContext } from './known-context.ts';

export type ContextOptions = {
  config: Config;
  accountRegions: AccountRegions;
  knowledge: AllKnowledge;
  changes: Changes;
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
  /** How long it has waited for other replicas, if there are any. */
  waitedMs?: number | undefined;
  /** Resolves when the operation may continue after it has waited for something that others wait for, too. */
  inTurn?: () => Promise<void>;
};

export type Contexts = {
  /** The context of an operation. It waits for AWS no longer than its client does, and than its time allows. */
  of(asker: Asker): Context;
  /**
   * The context of an operation that is executed synchronously. It calls `giveUp` where AWS would have to be asked. Undefined if
   * there are several accounts and regions, where even what is known comes by promises.
   */
  ofKnown: ((viewer: Viewer, giveUp: () => never) => Context) | undefined;
};

export function createContexts(options: ContextOptions): Contexts {
  const { config, accountRegions, knowledge, changes, inParallel, inBackground, clock } = options;
  const { all, areNamed } = accountRegions;
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

  const of: Contexts['of'] = (asker) => {
    const { viewer, client = '', gone, startedAtMs = clock.elapsedMs(), inTurn = atOnce, waitedMs } = asker;
    const now = clock.now();
    const expiry = createExpiry(now, config.EXPIRING_WITHIN_DAYS);
    const endsAtMs = startedAtMs + config.REQUEST_TIMEOUT_MS;
    const use = createAwsUse(waitedMs === undefined ? undefined : createPatience(clock, waitedMs));
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
    const doors = areNamed
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
      : doorsOf(all[0]);
    return {
      viewer,
      clientCertificates: doors.clientCertificates,
      changes: changes.for({ viewer, client, gone, inTurn }),
      apiStages: doors.apiStages,
      accountRegions: createAccountRegionStates(all, { viewer, use }),
      expiry,
      awsUse: use,
      fieldErrors: createFieldErrors(),
    };
  };

  const ofKnown: Contexts['ofKnown'] = (viewer, giveUp) => {
    const expiry = createExpiry(clock.now(), config.EXPIRING_WITHIN_DAYS);
    const use = createAwsUse();
    const aws = createNoAwsCalls(use, giveUp);
    const doors = doorsIn(all[0], { aws, viewer, expiry, inTurn: giveUp, inTurnAndTime: giveUp });
    return new KnownContext({ all, doors, viewer, use, expiry });
  };

  return { of, ofKnown: areNamed ? undefined : ofKnown };
}

const atOnce = async () => undefined;
