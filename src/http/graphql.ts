import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';
import { type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import { textOf } from './body.ts';
import { inSpan } from './middleware/tracing.ts';
import { badRequest } from './middleware.ts';
import type { ResponseCache } from './response-cache.ts';
import { isUtf8Query } from './target.ts';
import type { ResolveDocument } from './trusted-documents.ts';

export type GraphQLOptions = {
  maxBodyBytes: number;
  /** Executes what is asked for in the body, if there is one, and in the URL. */
  execute: (exchange: Exchange, body: string | undefined) => MaybePromise<HttpResponse>;
  responseCache: ResponseCache | undefined;
  resolveDocument: ResolveDocument;
};

/** Answers GraphQL requests: with an answer that was kept, where there is one. */
export function serveGraphQL(options: GraphQLOptions): (exchange: Exchange) => MaybePromise<HttpResponse> {
  const { maxBodyBytes, execute, responseCache, resolveDocument } = options;
  function answer(exchange: Exchange): MaybePromise<HttpResponse> {
    const { request, search } = exchange;
    if (isRead(request))
      return isUtf8Query(search)
        ? resolved(exchange, undefined, () => execute(exchange, undefined))
        : badRequest(exchange, 400, 'The query of the URL is not UTF-8.');
    return mapMaybePromise(request.body(maxBodyBytes), (bytes) => answerTo(exchange, bytes));
  }

  function answerTo(exchange: Exchange, bytes: Uint8Array | undefined): MaybePromise<HttpResponse> {
    if (bytes === undefined) return badRequest(exchange, 413, 'Request body too large');
    const body = textOf(bytes);
    if (body === undefined) return badRequest(exchange, 400, 'The body is not UTF-8.');
    return resolved(exchange, body, (text = '') => {
      const isPlain = exchange.search === ''; // what else the URL says may be part of the question
      const make = () => execute(exchange, text);
      return responseCache && isPlain ? responseCache.answer(exchange, text, make) : make();
    });
  }

  /** Goes on with the text of the document, if the request has only its id. */
  function resolved(
    exchange: Exchange,
    body: string | undefined,
    next: (body: string | undefined) => MaybePromise<HttpResponse>,
  ): MaybePromise<HttpResponse> {
    return mapMaybePromise(resolveDocument(exchange, body), (found) => {
      if ('refused' in found) return found.refused;
      exchange.search = found.search;
      return next(found.body);
    });
  }
  return (exchange) => inSpan(exchange, () => answer(exchange));
}
