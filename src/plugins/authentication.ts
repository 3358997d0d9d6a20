import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Authenticate } from '../authentication.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Viewer } from '../viewer.ts';
import { refusal } from './refusal.ts';
import type { RequestIds } from './request-id.ts';

export type AuthenticationOptions = {
  authenticate: Authenticate;
  /** What asks for credentials, besides all that Yoga takes for GraphQL. */
  paths: string[];
  /** Gets the viewer of each request that is let in. */
  viewers: WeakMap<Request, Viewer>;
  log: Logger;
  requestIds: RequestIds;
};

type Arrival = { request: Request; fetchAPI: FetchAPI; endResponse(response: Response): void };

/**
 * Lets in whoever can be authenticated, before anything of the request's body is read; the others get a 401. A CORS
 * preflight comes without credentials, and an OPTIONS request reaches nothing.
 */
export function useAuthentication({
  authenticate,
  paths,
  viewers,
  log,
  requestIds,
}: AuthenticationOptions): Plugin {
  async function admit({ request, fetchAPI, endResponse }: Arrival): Promise<void> {
    if (request.method === 'OPTIONS' || viewers.has(request)) return;
    const viewer = await authenticate(request.headers).catch(asUnauthenticated);
    if (!(viewer instanceof UnauthenticatedError)) {
      viewers.set(request, viewer);
      return;
    }
    const requestId = requestIds(request);
    const { problem, reason } = viewer;
    log[problem === 'missing' ? 'debug' : 'info']({ requestId, reason }, 'not authenticated');
    endResponse(
      refusal(fetchAPI, 401, viewer, requestId, {
        'content-type': contentType(request),
        'www-authenticate': challenge(viewer),
      }),
    );
  }

  return {
    async onRequest(arrival) {
      if (paths.includes(arrival.url.pathname)) await admit(arrival);
    },
    /** Yoga also takes `/graphql/` and `/any?/graphql` for its endpoint. */
    onRequestParse: admit,
  };
}

function asUnauthenticated(error: unknown): UnauthenticatedError {
  if (!(error instanceof UnauthenticatedError)) throw error;
  return error;
}

/** In the form that the client asked for, as Yoga would answer it. */
function contentType({ headers }: Request): string {
  const accept = headers.get('accept') ?? '';
  return `${accept.includes(GRAPHQL_RESPONSE) ? GRAPHQL_RESPONSE : 'application/json'}; charset=utf-8`;
}

/** https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types */
const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: no `error` for those who sent nothing. */
function challenge({ problem, message }: UnauthenticatedError): string {
  const realm = 'Bearer realm="certway"';
  return problem === 'missing' ? realm : `${realm}, error="invalid_token", error_description="${message}"`;
}
