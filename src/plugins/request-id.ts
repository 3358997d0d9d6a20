import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

/** What a request may call itself: no blanks, no control characters, nothing that a log would have to escape. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** The id of a request: its own `x-request-id` where that is sane, otherwise one made for it. */
export type RequestIds = (request: Request) => string;

export function createRequestIds(): RequestIds {
  const ids = new WeakMap<Request, string>();
  return (request) => {
    const given = request.headers.get('x-request-id') ?? '';
    const id = ids.get(request) ?? (REQUEST_ID.test(given) ? given : randomUUID());
    ids.set(request, id);
    return id;
  };
}

/** Every answer has the id of its request. */
export const useRequestId = (requestIds: RequestIds): Plugin => ({
  onResponse({ request, response }) {
    response.headers.set('x-request-id', requestIds(request));
  },
});
