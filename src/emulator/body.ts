import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReadBody } from '../http-limits/request-bodies.ts';
import { chosen } from './errors.ts';

/**
 * Twice the largest input that the rules take: a description of 1024 characters and 50 tags of 128 and 256, each of 12
 * bytes as JSON may escape it. AWS's limit for these operations is not documented.
 */
const MAX_BODY_BYTES = 512 * 1024;

/** Reads bodies whole. One that says that it is too large is refused before it comes. */
export function createBodies(
  read: ReadBody,
): (message: IncomingMessage, response: ServerResponse) => Promise<Buffer> {
  return async (message, response) => {
    if (Number(message.headers['content-length']) > MAX_BODY_BYTES) throw chosen.bodyTooLarge();
    const bytes = await read(message, response, MAX_BODY_BYTES);
    if (!bytes) throw chosen.bodyTooLarge();
    if (!message.complete) throw new Error('The client has gone.'); // part of a body asks for nothing
    return bytes;
  };
}
