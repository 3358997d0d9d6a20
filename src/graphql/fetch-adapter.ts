import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';

/** Node knows which version of HTTP the client speaks. */
const SET_BY_NODE = ['connection', 'transfer-encoding'];

/** Replaces the Fetch API's `Response`, with which Yoga makes its responses. */
class AdapterResponse implements HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string> = {};
  readonly body: HttpResponse['body'];

  constructor(body: HttpResponse['body'], { status = 200, headers = {} }: ResponseInit = {}) {
    this.status = status;
    this.body = body;
    for (const [name, value] of Object.entries(headers)) this.headers[name.toLowerCase()] = value;
    for (const name of SET_BY_NODE) delete this.headers[name];
  }
}

/** For Yoga: real requests and responses of the Fetch API would take longer than the execution of most operations. */
export const fetchAPI = { Response: AdapterResponse as unknown as typeof Response };

/**
 * The parts of a request that Yoga reads. `Accept` is the media type that was negotiated before, because Yoga itself would
 * negotiate only after the execution.
 */
export function requestOf(exchange: Exchange, sent: { body: string | undefined }): Request {
  const { request: arrival, path, search } = exchange;
  const request: Partial<Request> = {
    method: isRead(arrival) ? 'GET' : arrival.method,
    url: path + search,
    headers: headersOf(exchange) as Headers,
    json: async () => parametersOf(JSON.parse(sent.body ?? '')),
    text: async () => sent.body ?? '',
  };
  return request as Request;
}

const headersOf = (exchange: Exchange): Pick<Headers, 'get'> => ({
  get: (name) => {
    const lowerCase = name.toLowerCase();
    if (lowerCase === 'accept') return exchange.accepted.mediaType ?? null; // a subscription changes it
    return (lowerCase === 'content-type' ? exchange.bodyType : exchange.request.header(lowerCase)) ?? null;
  },
});

/**
 * The parameters in a body, without unknown members
 * (https://graphql.github.io/graphql-over-http/draft/#sec-JSON-Encoding). No operation is called "".
 */
function parametersOf(body: unknown): unknown {
  if (!(body instanceof Object) || Array.isArray(body)) return body;
  const { query, variables, operationName, extensions } = body as Record<string, unknown>;
  return { query, variables, operationName: operationName === '' ? undefined : operationName, extensions };
}

/** Yoga's response, which was made with `fetchAPI`. */
export function responseOf(response: object): HttpResponse {
  if (!(response instanceof AdapterResponse)) throw new Error('Yoga answered with something else.');
  return response;
}
