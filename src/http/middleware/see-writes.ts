import type { MaybePromise } from '../../maybe-promise.ts';
import type { Clock } from '../../time/clock.ts';
import type { Middleware } from '../middleware.ts';

/**
 * Lets a request see every write that any replica has answered before. What is to be asked for that is asked by `begin`, and `end` waits
 * for it, so that a request waits only once where something between the two waits as well. The time between them counts as waiting.
 */
export function createSeeWrites(
  catchUp: () => MaybePromise<unknown>,
  { elapsedMs }: Pick<Clock, 'elapsedMs'>,
): {
  begin: Middleware;
  end: Middleware;
} {
  return {
    begin: {
      before: (exchange) => {
        exchange.waitedMs = 0;
        const caughtUp = catchUp();
        if (caughtUp instanceof Promise) exchange.catchingUp = { caughtUp, sinceMs: elapsedMs() };
        return undefined;
      },
    },
    end: {
      before: (exchange) => {
        const { catchingUp } = exchange;
        return catchingUp?.caughtUp.then(() => {
          exchange.waitedMs = elapsedMs() - catchingUp.sinceMs;
          return undefined;
        });
      },
    },
  };
}
