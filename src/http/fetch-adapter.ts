import { type HttpRequest, isStream } from '../exchange.ts';
import type { Answer } from './pipeline.ts';

/** Answers requests without a socket, as `fetch` would; a stream once it has ended. */
export const createFetchHandler =
  (answer: Answer) =>
  async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { status, headers, body } = await answer(httpRequestOf(request));
    const whole = isStream(body) ? Buffer.concat(await Array.fromAsync(body)) : body;
    return new Response(request.method === 'HEAD' ? null : whole, { status, headers });
  };

function httpRequestOf(request: Request): HttpRequest {
  const { pathname, search } = new URL(request.url);
  const host = request.headers.get('host');
  return {
    method: request.method,
    url: pathname + search,
    header: (name) => request.headers.get(name) ?? undefined,
    headers: () => Object.fromEntries(request.headers),
    body: async (maxBytes) => {
      const body = await request.bytes();
      return body.length <= maxBytes ? body : undefined;
    },
    gone: () => request.signal,
    hasLeft: () => request.signal.aborted,
    address: undefined,
    certificate: () => undefined,
    hosts: host === null ? [] : [host],
    needsHost: false,
    onClose: (run) => queueMicrotask(run),
    cutOff: () => undefined,
  };
}
