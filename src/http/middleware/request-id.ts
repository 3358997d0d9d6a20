import { randomUUID } from 'node:crypto';
import type { Arrival } from '../../exchange.ts';
import type { Step } from '../middleware.ts';

/** What a request may call itself: no blanks, no control characters, nothing that a log would have to escape. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** The id of a request: its own `x-request-id` where that is sane, otherwise one made for it. */
export function requestIdOf(arrival: Arrival): string {
  const given = arrival.header('x-request-id');
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Every reply has the id of its request. */
export const requestIds: Step = {
  finish({ requestId }, { headers }) {
    headers['x-request-id'] = requestId;
  },
};
