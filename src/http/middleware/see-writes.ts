import type { Exchange } from '../../exchange.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Middleware } from '../middleware.ts';

/**
 * Lets a request see every write that any replica has answered before. What is to be asked for that is asked by `begin`, and `end` waits
 * for it, so that a request waits only once where something between the two waits as well.
 */
export function createSeeWrites(catchUp: () => MaybePromise<undefined>): {
  begin: Middleware;
  end: Middleware;
} {
  const begun = new WeakMap<Exchange, Promise<undefined>>();
  return {
    begin: {
      before: (exchange) => {
        const caughtUp = catchUp();
        if (caughtUp) begun.set(exchange, caughtUp);
        return undefined;
      },
    },
    end: { before: (exchange) => begun.get(exchange) },
  };
}
