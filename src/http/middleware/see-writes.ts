import type { Clock } from '../../clock.ts';
import type { Exchange } from '../../exchange.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import { createPatience, type Patience } from '../../patience.ts';
import type { Middleware } from '../middleware.ts';

type Begun = { caughtUp: Promise<unknown>; patience: Patience; end: () => void };

/**
 * Lets a request see every write that any replica has answered before. What is to be asked for that is asked by `begin`, and `end` waits
 * for it, so that a request waits only once where something between the two waits as well. The time between them counts as waiting.
 */
export function createSeeWrites(
  catchUp: () => MaybePromise<unknown>,
  clock: Pick<Clock, 'elapsedMs' | 'later'>,
): {
  begin: Middleware;
  end: Middleware;
} {
  const begun = new WeakMap<Exchange, Begun>();
  return {
    begin: {
      before: (exchange) => {
        const patience = createPatience(clock);
        exchange.patience = patience;
        const caughtUp = catchUp();
        if (caughtUp instanceof Promise) begun.set(exchange, { caughtUp, patience, end: patience.begin() });
        return undefined;
      },
    },
    end: {
      before: async (exchange) => {
        const { caughtUp, patience, end } = begun.get(exchange) ?? {};
        if (caughtUp) await patience?.wait(caughtUp);
        end?.();
        return undefined;
      },
    },
  };
}
