import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Exchange } from '../../exchange.ts';
import { type FairScheduler, overloaded } from '../fair-scheduler.ts';
import type { ServerContext } from './operation.ts';

export type BeginningOptions = {
  clientOf: (exchange: Exchange) => string;
  /** How long a request may take, counted from its arrival. */
  timeoutMs: number;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/**
 * Waits for the turn of an operation, no longer than its client does, and than its request may take; undefined if that is now. `putAside`
 * is called if it has to wait.
 */
export type Begin = {
  (turns: FairScheduler, exchange: Exchange, putAside?: () => void): Promise<void> | undefined;
  /** Begins what waits for nothing, if it may begin now. Call the result at its end. */
  atOnce(turns: FairScheduler, exchange: Exchange): (() => void) | undefined;
};

export function createBeginning({ clientOf, timeoutMs, elapsedMs }: BeginningOptions): Begin {
  function refusalOf({ request, startedAtMs }: Exchange): GraphQLError | undefined {
    if (request.hasLeft()) return left();
    return elapsedMs() >= startedAtMs + timeoutMs ? tooLate() : undefined;
  }

  function begin(turns: FairScheduler, exchange: Exchange, putAside?: () => void): Promise<void> | undefined {
    const refusal = () => refusalOf(exchange);
    const turn = turns(clientOf(exchange), refusal);
    const refused = turn ? undefined : refusal();
    if (!turn) return refused && Promise.reject(refused);
    putAside?.();
    return turn.then(() => {
      const refused = refusal();
      if (refused) throw refused;
    });
  }

  const atOnce: Begin['atOnce'] = (turns, exchange) =>
    refusalOf(exchange) ? undefined : turns.atOnce(clientOf(exchange));

  return Object.assign(begin, { atOnce });
}

export type UseFairSchedulingOptions = {
  /** Whether a document has been parsed and validated before. */
  isKnown: (document: string) => boolean;
  begin: Begin;
  ofKnown: FairScheduler;
  ofNew: FairScheduler;
};

/** Longer bodies are not kept parsed while they wait: `[{},{}]` takes thirty times the memory of its text. */
export const LONG_BODY = 4096;

/** Operations begin one after the other, in turns by client, so every client gets its share of the event loop. */
export function useFairScheduling({
  isKnown,
  begin,
  ofKnown,
  ofNew,
}: UseFairSchedulingOptions): Plugin<Record<never, never>, ServerContext> {
  return {
    onParams: async ({ params, request, context: { exchange, sent, turn } }) => {
      const { query = '' } = params;
      if (typeof query !== 'string') return; // Yoga refuses it
      if (turn) return turn;
      let isAside = false;
      function putAside(): void {
        if ((sent.body?.length ?? 0) <= LONG_BODY) return;
        isAside = true;
        for (const name of Object.keys(params)) delete params[name as keyof typeof params];
      }
      if (!isKnown(query)) await begin(ofNew, exchange, putAside);
      if (isKnown(query)) await begin(ofKnown, exchange, putAside);
      if (isAside) Object.assign(params, await parametersOf(request, query));
    },
  };
}

/** The parameters, parsed once more. */
const parametersOf = async (request: Request, query: string): Promise<object> =>
  request.headers.get('content-type')?.startsWith('application/json') ? request.json() : { query };

/** Only for the log: the same code as when the client leaves during an AWS call. */
const left = () => new GraphQLError('The client has left.', { extensions: { code: 'UPSTREAM_TIMEOUT' } });

const tooLate = () => overloaded('Its time was over before it could begin.');
