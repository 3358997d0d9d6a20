import type { Viewer } from '../auth/viewer.ts';
import type { AccountRegion } from '../aws/account-region.ts';
import type { AwsUse } from '../aws/use.ts';
import type { Expiry } from '../resources/client-certificates/client-certificate.ts';
import type { ClientCertificates } from '../resources/client-certificates/client-certificates.ts';
import {
  type AccountRegionStates,
  createAccountRegionStates,
} from '../resources/everywhere/account-region-states.ts';
import type { ApiStages } from '../resources/stages/api-stages.ts';
import type { Context } from './context.ts';
import { GivenUp, giveUp } from './executor/give-up.ts';
import type { FieldErrors } from './field-errors.ts';

export type KnownContextOptions = {
  all: readonly AccountRegion[];
  doors: Pick<Context, 'clientCertificates' | 'apiStages'>;
  viewer: Viewer;
  use: AwsUse;
  expiry: Expiry;
};

/** The error may be the reason why something else has given up. */
const GIVING_UP: FieldErrors = {
  reject: (make) => {
    const error = make();
    throw error instanceof GivenUp ? error : giveUp('error');
  },
};

/** Makes its parts when they are used first. A class, because V8 makes an object with getters of its own slowly. */
export class KnownContext implements Context {
  readonly #options: KnownContextOptions;

  constructor(options: KnownContextOptions) {
    this.#options = options;
  }

  get viewer(): Viewer {
    return this.#options.viewer;
  }

  get clientCertificates(): ClientCertificates {
    return this.#options.doors.clientCertificates;
  }

  get changes(): never {
    return giveUp('unusual');
  }

  get apiStages(): ApiStages {
    return this.#options.doors.apiStages;
  }

  get accountRegions(): AccountRegionStates {
    return createAccountRegionStates(this.#options.all, this.#options);
  }

  get expiry(): Expiry {
    return this.#options.expiry;
  }

  get awsUse(): AwsUse {
    return this.#options.use;
  }

  get fieldErrors(): FieldErrors {
    return GIVING_UP;
  }
}
