import type { Logger } from 'pino';
import { MaskedError } from '../errors/errors.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../exchange.ts';
import { type MaybePromise, settleMaybePromise } from '../maybe-promise.ts';
import { requestIdOf } from './middleware/request-id.ts';
import { type Middleware, refusal } from './middleware.ts';
import { createNegotiation } from './negotiation.ts';
import { targetOf } from './target.ts';

/** Answers a request; never rejects. */
export type Answer = (request: HttpRequest) => MaybePromise<HttpResponse>;

export type PipelineOptions = {
  middleware: readonly Middleware[];
  /** Responds where no middleware does. */
  respond: (exchange: Exchange) => MaybePromise<HttpResponse>;
  log: Logger;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/** Each request passes the middleware in order until one responds; every response passes all of it. */
export function createPipeline({ middleware, respond, log, elapsedMs }: PipelineOptions): Answer {
  const befores = middleware.flatMap(({ before }) => before ?? []);
  const afters = middleware.flatMap(({ after }) => after ?? []);
  const negotiate = createNegotiation();

  function respondTo(exchange: Exchange, from = 0): MaybePromise<HttpResponse> {
    for (let i = from; i < befores.length; i += 1) {
      const response = befores[i]?.(exchange);
      if (response instanceof Promise) return response.then((known) => known ?? respondTo(exchange, i + 1));
      if (response) return response;
    }
    return respond(exchange);
  }

  function fail(exchange: Exchange, error: unknown): HttpResponse {
    log.error({ requestId: exchange.requestId, err: error }, 'unexpected error');
    return refusal(exchange, 500, new MaskedError(error));
  }

  function finish(exchange: Exchange, response: HttpResponse): HttpResponse {
    try {
      for (const after of afters) after(exchange, response);
      return response;
    } catch (error) {
      return fail(exchange, error);
    }
  }

  return (request) => {
    const { path, search } = targetOf(request.url);
    const exchange: Exchange = {
      request,
      path,
      search,
      accepted: negotiate(request.header('accept')),
      startedAtMs: elapsedMs(),
      requestId: requestIdOf(request),
    };
    return settleMaybePromise(
      () => respondTo(exchange),
      (response) => finish(exchange, response),
      (error) => finish(exchange, fail(exchange, error)),
    );
  };
}
