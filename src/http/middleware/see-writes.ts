import type { Exchange } from '../../exchange.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Clock } from '../../time/clock.ts';
import type { Middleware } from '../middleware.ts';

type Begun = { caughtUp: Promise<unknown>; atMs: number };

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
  const begun = new WeakMap<Exchange, Begun>();
  return {
    begin: {
      before: (exchange) => {
        exchange.waitedMs = 0;
        const caughtUp = catchUp();
        if (caughtUp instanceof Promise) begun.set(exchange, { caughtUp, atMs: elapsedMs() });
        return undefined;
      },
    },
    end: {
      before: (exchange) => {
        const { caughtUp, atMs = 0 } = begun.get(exchange) ?? {};
        return caughtUp?.then(() => {
          exchange.waitedMs = elapsedMs() - atMs;
          return undefined;
        });
      },
    },
  };
}
