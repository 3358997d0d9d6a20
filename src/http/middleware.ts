import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { formOf } from './response-forms.ts';

/** One concern of HTTP. Each request passes the middleware in order, and its response passes all of it. */
export type Middleware = {
  /** A response ends the request here. */
  before?(exchange: Exchange): MaybePromise<HttpResponse | undefined>;
  /** Adds headers to a response, whoever made it. */
  after?(exchange: Exchange, response: HttpResponse): void;
};

/** The parts of an exchange that a refusal needs. */
type Refused = Pick<Exchange, 'requestId' | 'accepted'>;

/** The content of a refusal: a `GraphQLError`, or the part of one that the client sees. */
type Reason = { message: string; extensions: Record<string, unknown> };

/** Refuses a request before GraphQL sees it: a GraphQL error in the form that the client accepts. */
export const refusal = (
  { requestId, accepted }: Refused,
  status: number,
  { message, extensions }: Reason,
  headers: Record<string, string> = {},
): HttpResponse => {
  const { contentType, body } = formOf(accepted.mediaType);
  return {
    status,
    headers: { 'content-type': contentType, ...headers },
    body: body(JSON.stringify({ errors: [{ message, extensions: { ...extensions, requestId } }] })),
  };
};

/** Refuses a request that violates HTTP or GraphQL over HTTP; the message says what was expected. */
export const badRequest = (
  exchange: Refused,
  status: number,
  message: string,
  headers?: Record<string, string>,
): HttpResponse => refusal(exchange, status, { message, extensions: { code: 'BAD_REQUEST' } }, headers);

/** Refuses a request of a file that is neither a GET nor a HEAD. */
export const refuseWrite = (exchange: Exchange): HttpResponse | undefined =>
  isRead(exchange.request)
    ? undefined
    : badRequest(exchange, 405, `method: expected GET or HEAD, got ${exchange.request.method}`, {
        allow: 'GET, HEAD',
      });

/** Leads browsers elsewhere, but not those that want no page. */
export const leadTo = (location: string): HttpResponse => ({
  status: 302,
  headers: { location, vary: 'accept', 'content-length': '0' },
  body: null,
});
