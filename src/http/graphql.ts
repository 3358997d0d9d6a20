import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';
import { type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import { textOf } from './body.ts';
import { inSpan } from './middleware/tracing.ts';
import { badRequest, type Middleware } from './middleware.ts';
import type { ResponseCache } from './response-cache.ts';
import { isUtf8Query } from './target.ts';

export type GraphQLOptions = {
  maxBodyBytes: number;
  /** Executes what is asked for in the body, if there is one, and in the URL. */
  execute: (exchange: Exchange, body: string | undefined) => MaybePromise<HttpResponse>;
  responseCache: ResponseCache | undefined;
};

/** Answers GraphQL requests: with an answer that was kept, where there is one. */
export function serveGraphQL({ maxBodyBytes, execute, responseCache }: GraphQLOptions): Middleware {
  function answer(exchange: Exchange): MaybePromise<HttpResponse> {
    const { request, search } = exchange;
    if (isRead(request))
      return isUtf8Query(search)
        ? execute(exchange, undefined)
        : badRequest(exchange, 400, 'The query of the URL is not UTF-8.');
    return mapMaybePromise(request.body(maxBodyBytes), (bytes) => answerTo(exchange, bytes));
  }

  function answerTo(exchange: Exchange, bytes: Uint8Array | undefined): MaybePromise<HttpResponse> {
    if (bytes === undefined) return badRequest(exchange, 413, 'Request body too large');
    const body = textOf(bytes);
    if (body === undefined) return badRequest(exchange, 400, 'The body is not UTF-8.');
    const isPlain = exchange.search === ''; // what else the URL says may be part of the question
    const make = () => execute(exchange, body);
    return responseCache && isPlain ? responseCache.answer(exchange, body, make) : make();
  }
  return { before: (exchange) => inSpan(exchange, () => answer(exchange)) };
}
