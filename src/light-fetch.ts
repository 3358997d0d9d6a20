import type { Arrival, Reply } from './exchange.ts';

/** Takes the place of the Fetch API's `Response` in Yoga, which makes its replies with it. */
class LightResponse implements Reply {
  readonly status: number;
  readonly headers: Record<string, string> = {};
  readonly body: Reply['body'];

  constructor(body: Reply['body'], { status = 200, headers = {} }: ResponseInit = {}) {
    this.status = status;
    this.body = body;
    for (const [name, value] of Object.entries(headers)) this.headers[name.toLowerCase()] = value;
    delete this.headers['connection']; // which Node sets as it has to be
  }
}

/** For Yoga: to make whole requests and responses of the Fetch API would take longer than to execute most operations. */
export const fetchAPI = { Response: LightResponse as unknown as typeof Response };

/** What Yoga asks of a request. */
export function requestOf({ method, url, header }: Arrival, body = ''): Request {
  const headers: Pick<Headers, 'get'> = { get: (name) => header(name.toLowerCase()) ?? null };
  const request = { method, url, headers, json: async () => JSON.parse(body), text: async () => body };
  return request as Partial<Request> as Request;
}

/** What Yoga answered, made with `fetchAPI`. */
export function replyOf(response: object): Reply {
  if (!(response instanceof LightResponse)) throw new Error('Yoga answered with something else.');
  return response;
}
