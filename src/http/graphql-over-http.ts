import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';
import { isUtf8, parseMediaType } from './media-type.ts';
import { badRequest, type Middleware } from './middleware.ts';
import { ANSWER_TYPES } from './negotiation.ts';

/**
 * The media types of bodies. A page of another origin cannot send them without a preflight
 * (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
 */
const BODY_TYPES: Record<string, Exchange['bodyType']> = {
  'application/json': 'application/json',
  'application/graphql+json': 'application/json',
  'application/graphql': 'application/graphql',
};

/**
 * Refuses, before anything is executed, every request that is not GraphQL over HTTP: another path, method or media type, or a
 * client that does not accept the answer (https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes). `isElsewhere`
 * names paths that other middleware answers.
 */
export const onlyGraphQL = (endpoint: string, isElsewhere: (path: string) => boolean): Middleware => ({
  before(exchange) {
    const { path, accepted, request } = exchange;
    if (path !== endpoint)
      return isElsewhere(path)
        ? undefined
        : badRequest(exchange, 404, `There is nothing at this path; GraphQL is at ${endpoint}.`);
    if (request.method !== 'POST' && !isRead(request))
      return badRequest(exchange, 405, `method: expected GET, HEAD or POST, got ${request.method}`, {
        allow: 'GET, HEAD, POST',
      });
    if (!accepted.mediaType) return badRequest(exchange, 406, `accept: expected one of ${ANSWER_TYPES}`);
    return request.method === 'POST' ? checkBody(exchange) : undefined;
  },
});

/** https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16 */
function checkBody(exchange: Exchange): HttpResponse | undefined {
  const { header } = exchange.request;
  const encoding = header('content-encoding');
  if (encoding !== undefined && !/^(identity|\s*)$/i.test(encoding))
    return badRequest(exchange, 415, 'content-encoding: expected none', { 'accept-encoding': 'identity' });
  const type = header('content-type') ?? '';
  exchange.bodyType = type === 'application/json' ? type : bodyTypeOf(type);
  if (exchange.bodyType) return undefined;
  return badRequest(exchange, 415, 'content-type: expected application/json, in UTF-8', {
    accept: Object.keys(BODY_TYPES).join(', '),
  });
}

function bodyTypeOf(contentType: string): Exchange['bodyType'] {
  const type = parseMediaType(contentType);
  return type && isUtf8(type) && Object.hasOwn(BODY_TYPES, type.name) ? BODY_TYPES[type.name] : undefined;
}
