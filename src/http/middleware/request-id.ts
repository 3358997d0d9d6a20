import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../exchange.ts';
import type { Middleware } from '../middleware.ts';

/** The ids that clients may choose: no blanks, no control characters, nothing that a log has to escape. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** The id of a request: its `x-request-id` header if that is well-formed, otherwise a new one. */
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
