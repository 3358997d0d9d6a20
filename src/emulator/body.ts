import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReadBody } from '../http-limits/request-bodies.ts';
import { chosen } from './errors.ts';

/**
 * Twice the largest valid input: a description of 1024 characters, and 50 tags with keys of 128 and
 * values of 256 characters, of which JSON may escape each as 12 bytes. AWS does not document its
 * limit.
 */
const MAX_BODY_BYTES = 512 * 1024;

/** Rejects if the body is too large, or if the client leaves before its end. */
export type ReadWholeBody = (message: IncomingMessage, response: ServerResponse) => Promise<Buffer>;

/** Reads whole bodies. A body whose `content-length` is too large is refused before it arrives. */
export function createBodies(read: ReadBody): ReadWholeBody {
  return async (message, response) => {
    if (Number(message.headers['content-length']) > MAX_BODY_BYTES) throw chosen.bodyTooLarge();
    const bytes = await read(message, response, MAX_BODY_BYTES);
    if (!bytes) throw chosen.bodyTooLarge();
    checkArrived(message);
    return bytes;
  };
}

/**
 * Throws if the client has left, or was cut off, before its request was there in full. Such a
 * request must not be executed.
 */
export function checkArrived({ complete, socket }: IncomingMessage): void {
  if (!complete || socket.destroyed) throw new Error('The client has gone.');
}
