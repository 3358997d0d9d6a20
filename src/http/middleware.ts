import type { Exchange, HttpResponse } from '../exchange.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { formOf } from './response-forms.ts';

/** One concern of the HTTP edge. Each request passes the steps in their order, and its response all of them again. */
export type Middleware = {
  /** A response ends the way of the request here. */
  before?(exchange: Exchange): MaybePromise<HttpResponse | undefined>;
  /** Adds headers to a response, wherever it comes from. */
  after?(exchange: Exchange, response: HttpResponse): void;
};

/** What has to be known of a request to refuse it. */
type Refused = Pick<Exchange, 'requestId' | 'accepted'>;

/** What a refusal says: a `GraphQLError`, or the part of one that a client sees. */
type Reason = { message: string; extensions: Record<string, unknown> };

/** The response to a request that is refused before GraphQL sees it: a GraphQL error, in the form that the client asked for. */
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

/** The refusal of a request that is not as HTTP, or GraphQL over HTTP, has it; the message says what was expected. */
export const badRequest = (
  exchange: Refused,
  status: number,
  message: string,
  headers?: Record<string, string>,
): HttpResponse => refusal(exchange, status, { message, extensions: { code: 'BAD_REQUEST' } }, headers);
