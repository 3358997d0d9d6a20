import { type HttpRequest, isStream } from '../exchange.ts';
import type { Answer } from './pipeline.ts';

/** Answers requests without a socket, as `fetch` would. */
export const createFetchHandler =
  (answer: Answer) =>
  async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const leaving = new AbortController();
    const { status, headers, body } = await answer(httpRequestOf(request, leaving.signal));
    const read = isStream(body) ? readable(body, () => leaving.abort()) : body;
    return new Response(request.method === 'HEAD' ? null : read, { status, headers });
  };

/** Whoever cancels a stream has left, even while its next part is waited for. */
function readable(body: AsyncIterable<Uint8Array>, onCancel: () => void): ReadableStream {
  const parts = body[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}

function httpRequestOf(request: Request, left: AbortSignal): HttpRequest {
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
    gone: () => AbortSignal.any([request.signal, left]),
    hasLeft: () => request.signal.aborted || left.aborted,
    address: undefined,
    certificate: () => undefined,
    hosts: host === null ? [] : [host],
    needsHost: false,
    onClose: (run) => queueMicrotask(run),
    cutOff: () => undefined,
  };
}
