import type { Logger } from 'pino';
import { MaskedError } from '../errors.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../exchange.ts';
import { catchMaybePromise, type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import { requestIdOf } from './middleware/request-id.ts';
import { type Middleware, refusal } from './middleware.ts';
import { createNegotiation } from './negotiation.ts';
import { targetOf } from './target.ts';

/** Answers a request; never rejects. */
export type Answer = (request: HttpRequest) => MaybePromise<HttpResponse>;

export type PipelineOptions = {
  middleware: readonly Middleware[];
  log: Logger;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/** Each request passes the middleware in order until one responds; every response passes all of it. */
export function createPipeline({ middleware, log, elapsedMs }: PipelineOptions): Answer {
  const befores = middleware.flatMap(({ before }) => before ?? []);
  const afters = middleware.flatMap(({ after }) => after ?? []);
  const negotiate = createNegotiation();

  function respondTo(exchange: Exchange, from = 0): MaybePromise<HttpResponse> {
    for (let i = from; i < befores.length; i += 1) {
      const response = befores[i]?.(exchange);
      if (response instanceof Promise) return response.then((known) => known ?? respondTo(exchange, i + 1));
      if (response) return response;
    }
    throw new Error('No middleware has responded.');
  }

  return (request) => {
    const requestId = requestIdOf(request);
    const { path, search } = targetOf(request.url);
    const accepted = negotiate(request.header('accept'));
    const exchange: Exchange = { request, path, search, accepted, startedAtMs: elapsedMs(), requestId };
    const fail = (error: unknown) => {
      log.error({ requestId, err: error }, 'unexpected error');
      return refusal(exchange, 500, new MaskedError(error));
    };
    const finished = (response: HttpResponse) => {
      for (const after of afters) after(exchange, response);
      return response;
    };
    const response = catchMaybePromise(() => respondTo(exchange), fail);
    return catchMaybePromise(() => mapMaybePromise(response, finished), fail);
  };
}
