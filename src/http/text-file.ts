import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../exchange.ts';
import { hasAlready } from './conditional.ts';

/**
 * The text as a file, or a 304 if the client has it. A cache must ask each time, with its client's credentials. The 304 has the
 * content type, too, by which `securityHeaders` knows it from that of a page.
 */
export function textFile(request: HttpRequest, text: string, contentType: string): HttpResponse {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const headers = { etag, 'cache-control': 'private, no-cache', 'content-type': contentType };
  return hasAlready(request, etag)
    ? { status: 304, headers, body: null }
    : { status: 200, headers, body: text };
}
