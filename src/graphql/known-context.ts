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
import { createFieldErrors, type FieldErrors } from './field-errors.ts';

export type KnownContextOptions = {
  all: readonly AccountRegion[];
  doors: Pick<Context, 'clientCertificates' | 'apiStages'>;
  viewer: Viewer;
  use: AwsUse;
  expiry: Expiry;
};

/** Makes its parts when they are used first. A class, because V8 makes an object with getters of its own slowly. */
export class KnownContext implements Context {
  readonly #options: KnownContextOptions;
  #fieldErrors: FieldErrors | undefined;

  constructor(options: KnownContextOptions) {
    this.#options = options;
  }

  get clientCertificates(): ClientCertificates {
    return this.#options.doors.clientCertificates;
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
    this.#fieldErrors ??= createFieldErrors();
    return this.#fieldErrors;
  }
}
