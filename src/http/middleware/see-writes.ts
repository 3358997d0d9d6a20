import type { MaybePromise } from '../../maybe-promise.ts';
import type { Middleware } from '../middleware.ts';

/** Lets a request see every write that any replica has answered before. */
export const seeWrites = (catchUp: () => MaybePromise<void>): Middleware => ({
  before: () => catchUp()?.then(() => undefined),
});
