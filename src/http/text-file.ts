import { createHash } from 'node:crypto';
import type { HttpResponse } from '../exchange.ts';

/**
 * The text as a file, or a 304 if the client has it. A cache must ask each time, with its client's credentials. The 304 has the
 * content type, too, by which `securityHeaders` knows it from that of a page.
 */
export function textFile(text: string, contentType: string, ifNoneMatch: string | undefined): HttpResponse {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const headers = { etag, 'cache-control': 'private, no-cache', 'content-type': contentType };
  return isKnown(etag, ifNoneMatch)
    ? { status: 304, headers, body: null }
    : { status: 200, headers, body: text };
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2: a proxy that compresses may have made the tag weak. */
const isKnown = (etag: string, ifNoneMatch = ''): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((tag) => [etag, `W/${etag}`].includes(tag.trim()));
