import type { Expiry } from '../resources/client-certificates/client-certificate.ts';
import type { Context } from './context.ts';
import { giveUp } from './executor/give-up.ts';

/** Tells of an item what depends on the item and the time alone. Whoever wants more, gives up. */
export class ContextOfItself implements Context {
  readonly expiry: Expiry;

  constructor({ expiry }: Context) {
    this.expiry = expiry.again();
  }

  get viewer(): never {
    return giveUp('unusual');
  }

  get clientCertificates(): never {
    return giveUp('unusual');
  }

  get changes(): never {
    return giveUp('unusual');
  }

  get apiStages(): never {
    return giveUp('unusual');
  }

  get accountRegions(): never {
    return giveUp('unusual');
  }

  get awsUse(): never {
    return giveUp('unusual');
  }

  get fieldErrors(): never {
    return giveUp('unusual');
  }
}
