import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { HttpResponse } from '../exchange.ts';
import { badRequest } from './middleware.ts';

/** By the code of Node's error, with Node's own statuses. */
const REFUSALS: Record<string, [status: number, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are too large.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are larger than 16 KiB.'],
};
const NO_HTTP: [number, string] = [400, 'The request is no HTTP/1.1.'];

/** Refuses a request that cannot be parsed. Its `Accept` header is unknown, so the answer is JSON. */
export function refusalOfUnreadable(code = ''): HttpResponse {
  const [status, message] = REFUSALS[code] ?? NO_HTTP;
  const requestId = randomUUID();
  return badRequest(
    { requestId, accepted: { mediaType: undefined, prefersPage: false, acceptsEvents: false } },
    status,
    message,
    {
      'x-request-id': requestId,
      connection: 'close',
    },
  );
}

/** The same as bytes on the wire, for a connection that has no request to answer. */
export function textOfUnreadable({ code }: NodeJS.ErrnoException): string {
  const { status, headers, body } = refusalOfUnreadable(code);
  const fields = Object.entries({ ...headers, 'content-length': `${Buffer.byteLength(`${body}`)}` });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
