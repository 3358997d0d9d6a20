import { createHash } from 'node:crypto';
import type { HttpResponse } from '../exchange.ts';
import type { TrustBundleFormat } from '../resources/client-certificates/trust-bundle-texts.ts';

const CONTENT_TYPES: Partial<Record<TrustBundleFormat, string>> = {
  PEM: 'application/x-pem-file',
  ENVOY: 'application/yaml; charset=utf-8', // https://www.rfc-editor.org/rfc/rfc9512
  JSON: 'application/json; charset=utf-8',
};

/**
 * The text as a file, or a 304 if the client has it. A cache must ask each time, with its client's credentials. The 304 has the
 * content type, too, by which `securityHeaders` knows it from that of a page.
 */
export function trustBundleFile(
  format: TrustBundleFormat,
  text: string,
  ifNoneMatch: string | undefined,
): HttpResponse {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const headers = {
    etag,
    'cache-control': 'private, no-cache',
    'content-type': CONTENT_TYPES[format] ?? 'text/plain; charset=utf-8',
  };
  return isKnown(etag, ifNoneMatch)
    ? { status: 304, headers, body: null }
    : { status: 200, headers, body: text };
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2: a proxy that compresses may have made the tag weak. */
const isKnown = (etag: string, ifNoneMatch = ''): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((tag) => [etag, `W/${etag}`].includes(tag.trim()));
