import { sumOf } from '../aws/use.ts';
import type { Exchange, HttpResponse } from '../exchange.ts';
import type { GraphQLOptions } from './graphql.ts';
import { refusal } from './middleware.ts';

/** Of errors that GraphQL answers with 200. */
const STATUSES: Record<string, number> = {
  BAD_USER_INPUT: 400,
  RESPONSE_TOO_LARGE: 400,
  FORBIDDEN: 403,
  UPSTREAM_UNAVAILABLE: 502,
  UPSTREAM_DENIED: 502,
  COLLECTION_TOO_LARGE: 502,
  TOO_MANY_UPSTREAM_CALLS: 502,
  THROTTLED: 503,
  OVERLOADED: 503,
  UPSTREAM_TIMEOUT: 504,
};

type Answer<D> = {
  data?: D | null;
  errors?: [{ message: string; extensions: Record<string, unknown> }];
};

/** What an operation says, or how a request is refused that stands for it. */
export type OwnAnswer<D> = { data: D; refused?: undefined } | { data?: undefined; refused: HttpResponse };

/**
 * Executes an operation of the service's own for a request of a file, as if it had come as a POST to the endpoint. Several for one request
 * count as one that has used AWS as all of them.
 */
export async function askOwn<D>(
  exchange: Exchange,
  { endpoint, execute }: { endpoint: string; execute: GraphQLOptions['execute'] },
  query: string,
  variables: object,
): Promise<OwnAnswer<D>> {
  const asked: Exchange = {
    ...exchange,
    path: endpoint,
    search: '',
    accepted: { mediaType: 'application/json', prefersPage: false, acceptsEvents: false },
    bodyType: 'application/json',
    request: { ...exchange.request, method: 'POST' },
  };
  const response = await execute(asked, JSON.stringify({ query, variables }));
  note(exchange, asked);
  const { data, errors }: Answer<D> = JSON.parse(String(response.body));
  const [error] = errors ?? [];
  if (error) return { refused: refusedAs(exchange, response, error) };
  if (!data) throw new Error('The answer has neither data nor errors.');
  return { data };
}

function note(exchange: Exchange, { operation }: Exchange): void {
  const before = exchange.operation?.awsUse;
  const now = operation?.awsUse;
  if (operation)
    exchange.operation = { ...operation, awsUse: before && now ? sumOf(before, now) : (now ?? before) };
}

function refusedAs(
  exchange: Exchange,
  { status, headers }: HttpResponse,
  { message, extensions }: { message: string; extensions: Record<string, unknown> },
): HttpResponse {
  const { code, retryAfterSeconds } = extensions;
  const retryAfter = retryAfterSeconds ?? headers['retry-after'];
  return refusal(
    exchange,
    status === 200 ? (STATUSES[String(code)] ?? 500) : status,
    { message, extensions },
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}
