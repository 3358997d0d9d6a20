import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../exchange.ts';
import type { Middleware } from '../middleware.ts';

/** What a request may call itself: no blanks, no control characters, nothing that a log would have to escape. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** The id of a request: its own `x-request-id` where that is sane, otherwise one made for it. */
export function requestIdOf(request: HttpRequest): string {
  const given = request.header('x-request-id');
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Every response has the id of its request. */
export const requestIds: Middleware = {
  after({ requestId }, { headers }) {
    headers['x-request-id'] = requestId;
  },
};
