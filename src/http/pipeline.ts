import type { Logger } from 'pino';
import { MaskedError } from '../errors.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../exchange.ts';
import { requestIdOf } from './middleware/request-id.ts';
import { type Middleware, refusal } from './middleware.ts';
import { createNegotiation } from './negotiation.ts';
import { targetOf } from './target.ts';

/** Answers a request; never rejects. */
export type Answer = (request: HttpRequest) => Promise<HttpResponse>;

/** Has each request pass the steps until one responses, and the response all of them. */
export function createPipeline(steps: readonly Middleware[], log: Logger): Answer {
  const admitting = steps.flatMap(({ before }) => before ?? []);
  const finishing = steps.flatMap(({ after }) => after ?? []);
  const negotiate = createNegotiation();

  async function replyTo(exchange: Exchange): Promise<HttpResponse> {
    for (const before of admitting) {
      const response = before(exchange);
      const known = response instanceof Promise ? await response : response; // most steps have nothing to wait for
      if (known) return known;
    }
    throw new Error('No step has replied.');
  }

  return async (request) => {
    const requestId = requestIdOf(request);
    const { path, search } = targetOf(request.url);
    const accepted = negotiate(request.header('accept'));
    const exchange: Exchange = { request, path, search, accepted, startedAtMs: performance.now(), requestId };
    const fail = (error: unknown) => {
      log.error({ requestId, err: error }, 'unexpected error');
      return refusal(exchange, 500, new MaskedError(error));
    };
    const finished = (response: HttpResponse) => {
      for (const after of finishing) after(exchange, response);
      return response;
    };
    try {
      return finished(await replyTo(exchange).catch(fail));
    } catch (error) {
      return fail(error);
    }
  };
}
