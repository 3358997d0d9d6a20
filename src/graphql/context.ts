import type { Viewer } from '../auth/viewer.ts';
import type { AccountRegion } from '../aws/account-region.ts';
import { type AwsUse, createAwsCalls } from '../aws/calls.ts';
import type { Clock } from '../clock.ts';
import { OverloadedError } from '../errors.ts';
import { createExpiry, type Expiry } from '../resources/client-certificates/client-certificate.ts';
import {
  type ClientCertificates,
  createClientCertificates,
} from '../resources/client-certificates/client-certificates.ts';
import type { Item } from '../resources/client-certificates/list.ts';
import type { Operation } from '../resources/operation.ts';
import { type ApiStages, createApiStages, stagesFor } from '../resources/stages/api-stages.ts';
import type { StageIndex } from '../resources/stages/stage-index.ts';
import type { Config } from '../settings/config.ts';
import type { SharedReads } from '../shared-reads/shared-reads.ts';
import { createFieldErrors, type FieldErrors } from './field-errors.ts';

/** What the resolvers of one operation share. */
export type Context = {
  clientCertificates: ClientCertificates;
  apiStages: ApiStages;
  expiry: Expiry;
  awsUse: AwsUse;
  fieldErrors: FieldErrors;
};

export type ContextOptions = {
  config: Config;
  accountRegion: AccountRegion;
  cache: SharedReads<Item>;
  stageIndex: StageIndex;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'wait'>;
};

/** The caller of an operation. */
export type Asker = {
  viewer: Viewer;
  /** Identifies the client, because AWS calls are shared fairly. */
  client?: string;
  gone: () => AbortSignal;
  /** The arrival of the request by `performance.now()`; its time is counted from then on. */
  startedAtMs?: number;
  /** Resolves when the operation may continue after it has waited for something that others wait for, too. */
  inTurn?: () => Promise<void>;
};

/** Makes a context per operation. It waits for AWS no longer than its client does, and than its time allows. */
export function createContext(options: ContextOptions): (asker: Asker) => Context {
  const { config, accountRegion, cache, stageIndex, clock } = options;
  const { region } = accountRegion;
  const clientCertificatesOf = createClientCertificates({ cache, accountRegion, wait: clock.wait });
  return ({ viewer, client = '', gone, startedAtMs = performance.now(), inTurn = async () => undefined }) => {
    const expiry = createExpiry(clock.now(), config.EXPIRING_WITHIN_DAYS);
    const endsAtMs = startedAtMs + config.REQUEST_TIMEOUT_MS;
    const aws = createAwsCalls({
      accountRegion,
      onBehalfOf: client,
      gone,
      timeoutMs: endsAtMs - performance.now(),
      maxCalls: config.MAX_UPSTREAM_CALLS_PER_OPERATION,
    });
    const operation: Operation = {
      aws,
      viewer,
      inTurn,
      inTurnAndTime: async () => {
        await inTurn();
        if (performance.now() > endsAtMs || gone().aborted) throw new OverloadedError();
      },
    };
    const { stages, renewStages } = stagesFor(operation, stageIndex);
    const clientCertificates = clientCertificatesOf({
      ...operation,
      expiry,
      usageOf: (clientCertificateId) => stages().usageOf(clientCertificateId),
    });
    return {
      clientCertificates,
      apiStages: createApiStages({
        ...operation,
        region,
        stages,
        renewStages,
        index: stageIndex,
        clock,
        expiry,
        clientCertificates,
      }),
      expiry,
      awsUse: aws.use,
      fieldErrors: createFieldErrors(),
    };
  };
}
