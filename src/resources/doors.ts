import type { AccountRegion } from '../aws/account-region.ts';
import { lazyFor } from '../maybe-promise.ts';
import type { Clock } from '../time/clock.ts';
import type { Expiry } from './client-certificates/client-certificate.ts';
import {
  type ClientCertificatesIn,
  createClientCertificates,
} from './client-certificates/client-certificates.ts';
import type { AllKnowledge } from './knowledge.ts';
import type { Operation } from './operation.ts';
import { type ApiStagesIn, createApiStages, stagesFor } from './stages/api-stages.ts';
import { createMoves, type Moves } from './stages/moves.ts';

/** What one operation can ask of and do in an account and region. Each is made when it is used first. */
export type Doors = { readonly clientCertificates: ClientCertificatesIn; readonly apiStages: ApiStagesIn };

export type DoorsOptions = {
  knowledge: AllKnowledge;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'wait'>;
};

/** Called once per process, because operations share what was parsed. Returns the factory for an operation. */
export function createDoors({
  knowledge,
  clock,
}: DoorsOptions): (accountRegion: AccountRegion, operation: Operation & { expiry: Expiry }) => Doors {
  const clientCertificatesIn = lazyFor((accountRegion: AccountRegion) =>
    createClientCertificates({
      cache: knowledge.of(accountRegion).certificates,
      accountRegion,
      clock,
      generateInTurn: knowledge.of(accountRegion).turns?.run,
    }),
  );
  const movesIn = lazyFor<AccountRegion, Moves>(createMoves);
  return (accountRegion, operation) => {
    const index = knowledge.of(accountRegion).stageIndex;
    const { stages, renewStages } = stagesFor(operation.aws.use, index);
    const clientCertificates = () =>
      clientCertificatesIn(accountRegion)({
        ...operation,
        usageOf: ({ clientCertificateId }) => stages().usageOf(clientCertificateId),
      });
    const apiStages = (clientCertificates: ClientCertificatesIn) =>
      createApiStages({
        ...operation,
        accountRegion,
        stages,
        renewStages,
        index,
        moves: movesIn(accountRegion),
        clock,
        clientCertificates,
      });
    return new LazyDoors(clientCertificates, apiStages);
  };
}

/** A class, because V8 makes objects with getters of their own slowly. */
class LazyDoors implements Doors {
  readonly #makeClientCertificates: () => ClientCertificatesIn;
  readonly #makeApiStages: (clientCertificates: ClientCertificatesIn) => ApiStagesIn;
  #clientCertificates: ClientCertificatesIn | undefined;
  #apiStages: ApiStagesIn | undefined;

  constructor(
    clientCertificates: () => ClientCertificatesIn,
    apiStages: (clientCertificates: ClientCertificatesIn) => ApiStagesIn,
  ) {
    this.#makeClientCertificates = clientCertificates;
    this.#makeApiStages = apiStages;
  }

  get clientCertificates(): ClientCertificatesIn {
    this.#clientCertificates ??= this.#makeClientCertificates();
    return this.#clientCertificates;
  }

  get apiStages(): ApiStagesIn {
    this.#apiStages ??= this.#makeApiStages(this.clientCertificates);
    return this.#apiStages;
  }
}
