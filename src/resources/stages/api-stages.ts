import { requiring, requiringAsync } from '../../auth/viewer.ts';
import type { AccountRegion } from '../../aws/account-region.ts';
import { addStamp } from '../../aws/stamps.ts';
import type { AwsUse } from '../../aws/use.ts';
import { InvalidInputError } from '../../errors/errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { PageArguments } from '../../relay/window.ts';
import type { Clock } from '../../time/clock.ts';
import type {
  ClientCertificate,
  ClientCertificateUsage,
  Expiry,
} from '../client-certificates/client-certificate.ts';
import type { ClientCertificatesIn } from '../client-certificates/client-certificates.ts';
import { isClientCertificateId } from '../client-certificates/id.ts';
import type { Operation } from '../operation.ts';
import type { ApiStage } from './api-stage.ts';
import type { CertificateInUseError } from './certificate-in-use.ts';
import { type StageConnection, stagesOfCertificate, stagesThatMatch } from './connection.ts';
import { expectedApiStageId, expectedRegion, parseApiStageId } from './id.ts';
import { type ApiStageFilter, clientCertificateIdOf } from './list.ts';
import type { Moves } from './moves.ts';
import type { Replacement } from './replacement.ts';
import type { ReplaceInput } from './replacement-input.ts';
import type { StageSnapshot } from './snapshot.ts';
import type { StageIndex } from './stage-index.ts';
import type { Tested } from './test-certificate.ts';
import type { TestInput } from './test-certificate-input.ts';

/**
 * The stages for one GraphQL operation, and the only way to them. Everything requires the scope `client-certificates:read`; without
 * it there is a `ForbiddenError` before anything else. They come from the index: AWS is never asked about a stage for a query.
 */
export type ApiStages = {
  /** Null if none is known. `path` names the argument in the complaint about a malformed id. */
  find(id: string, path: string[]): MaybePromise<ApiStage | null>;
  /** The complaint about a global id of another region; undefined for any other id. */
  expectedRegion(id: string): string | undefined;
  /** Throws synchronously if the arguments are wrong. */
  list(args: PageArguments & { filter?: ApiStageFilter | null | undefined }): MaybePromise<StageConnection>;
  /** The same, of the stages that use the certificate. */
  ofCertificate(certificate: ClientCertificate, args: PageArguments): StageConnection;
  usageOf(certificate: ClientCertificate): ClientCertificateUsage;
  /** The client certificate that a stage uses: null for none, for ACM's, and for one that does not exist. */
  certificateOf(stage: ApiStage): MaybePromise<ClientCertificate | null>;
  /** Has a backend called with a certificate. Requires the scope `stages:write` as well. */
  test(input: TestInput): Promise<Tested>;
  /** Puts another certificate on stages. Requires the scope `stages:write` as well. All input is checked before anything is changed. */
  replace(input: ReplaceInput): Promise<Replacement>;
  /**
   * Runs what deletes a certificate. Rejects with a `CertificateInUseError` if a stage uses it, or not all stages are known. Requires the
   * scope `client-certificates:write` instead.
   */
  deleteIfUnused(id: string, run: () => Promise<string>): Promise<string>;
  /** The error itself, for those who may see its stages. */
  shown(error: CertificateInUseError): CertificateInUseError;
};

/** The same for one account and region, for which an id of another one is malformed. */
export type ApiStagesIn = ApiStages & {
  /** What is known now of all stages. */
  snapshot(): StageSnapshot;
};

export type ApiStagesOptions = Operation & {
  accountRegion: AccountRegion;
  stages: () => StageSnapshot;
  /** From then on, `stages` gives the newest snapshot. */
  renewStages: () => void;
  index: StageIndex;
  moves: Moves;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'wait'>;
  expiry: Expiry;
  clientCertificates: ClientCertificatesIn;
};

/** One snapshot for a whole operation, unless it changes something. It is noted among what the operation has seen. */
export function stagesFor(use: AwsUse, index: StageIndex): Pick<ApiStagesOptions, 'stages' | 'renewStages'> {
  let snapshot: StageSnapshot | undefined;
  return {
    stages: () => {
      if (snapshot) return snapshot;
      addStamp(use.stamps, index.stamp());
      snapshot = index.snapshot();
      return snapshot;
    },
    renewStages: () => {
      snapshot = undefined;
    },
  };
}

export function createApiStages(options: ApiStagesOptions): ApiStagesIn {
  const { viewer, accountRegion, stages, renewStages, expiry, clientCertificates, inTurnAndTime } = options;
  const { region } = accountRegion;

  const reading = requiring(viewer, 'client-certificates:read');
  const writing = requiringAsync(viewer, 'stages:write', 'client-certificates:read');
  const deleting = requiringAsync(viewer, 'client-certificates:write');

  return {
    find: reading((id, path) => {
      const arn = parseApiStageId(region, id);
      if (arn === undefined) throw new InvalidInputError([{ path, message: expectedApiStageId(region, id) }]);
      return stages().find(arn);
    }),
    snapshot: reading(stages),
    expectedRegion: (id) => expectedRegion(region, id),
    list: reading((args) =>
      stagesThatMatch(
        { accountRegion, snapshot: stages(), expiry, certificates: clientCertificates.finder, inTurnAndTime },
        args,
      ),
    ),
    ofCertificate: reading(({ clientCertificateId }, args) =>
      stagesOfCertificate(accountRegion, stages(), clientCertificateId, args),
    ),
    usageOf: reading(({ clientCertificateId }) => stages().usageOf(clientCertificateId)),
    certificateOf: reading((stage) => {
      const id = clientCertificateIdOf(stage);
      return id === undefined || !isClientCertificateId(id) ? null : clientCertificates.find(id, []);
    }),
    test: writing(async (input) => {
      const { testCertificate } = await import('./test-certificate.ts');
      return testCertificate(options, input);
    }),
    replace: writing(async (input) => {
      const { replaceCertificate } = await import('./replacement.ts'); // with the client for WebSocket APIs
      return replaceCertificate(options, input).finally(renewStages);
    }),
    deleteIfUnused: deleting(async (id, run) => {
      const { deleteIfUnused } = await import('./still-used.ts');
      return deleteIfUnused(options, id, run).finally(renewStages);
    }),
    shown: reading((error) => error),
  };
}
