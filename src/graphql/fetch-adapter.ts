import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';

/** Takes the place of the Fetch API's `Response` in Yoga, which makes its replies with it. */
class AdapterResponse implements HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string> = {};
  readonly body: HttpResponse['body'];

  constructor(body: HttpResponse['body'], { status = 200, headers = {} }: ResponseInit = {}) {
    this.status = status;
    this.body = body;
    for (const [name, value] of Object.entries(headers)) this.headers[name.toLowerCase()] = value;
    delete this.headers['connection']; // which Node sets as it has to be
  }
}

/** For Yoga: to make whole requests and responses of the Fetch API would take longer than to execute most operations. */
export const fetchAPI = { Response: AdapterResponse as unknown as typeof Response };

/**
 * What Yoga asks of a request. It is told to answer in the form that was agreed on, and that alone: of its own it would
 * look at what is accepted only after it has executed.
 */
export function requestOf(exchange: Exchange, body = ''): Request {
  const { request: arrival, path, search } = exchange;
  const request: Partial<Request> = {
    method: isRead(arrival) ? 'GET' : arrival.method,
    url: path + search,
    headers: headersOf(exchange) as Headers,
    json: async () => parametersOf(JSON.parse(body)),
    text: async () => body,
  };
  return request as Request;
}

const headersOf = ({ request: arrival, accepted, bodyType }: Exchange): Pick<Headers, 'get'> => ({
  get: (name) => {
    const lowerCase = name.toLowerCase();
    if (lowerCase === 'accept') return accepted.mediaType ?? null;
    return (lowerCase === 'content-type' ? bodyType : arrival.header(lowerCase)) ?? null;
  },
});

/**
 * What a body says, without what is not known
 * (https://graphql.github.io/graphql-over-http/draft/#sec-JSON-Encoding). No operation is called "".
 */
function parametersOf(body: unknown): unknown {
  if (!(body instanceof Object) || Array.isArray(body)) return body;
  const { query, variables, operationName, extensions } = body as Record<string, unknown>;
  return { query, variables, operationName: operationName === '' ? undefined : operationName, extensions };
}

/** What Yoga answered, made with `fetchAPI`. */
export function responseOf(response: object): HttpResponse {
  if (!(response instanceof AdapterResponse)) throw new Error('Yoga answered with something else.');
  return response;
}
