import type { IncomingMessage } from 'node:http';
import { ownValue } from './own-value.ts';

/**
 * A header's value as it is signed: trimmed, with single blanks, several values joined. Undefined
 * if the header is missing. Other characters that JavaScript takes for blanks are bytes of UTF-8.
 */
export const headerOf = (request: IncomingMessage, name: string): string | undefined =>
  ownValue(request.headersDistinct, name)
    ?.map((value) => value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, ''))
    .join(',');

/**
 * The text that a signature of version 4 is made of, with one character per byte. Its path and
 * query are the ones that the routes read, so a signature cannot be used for another path
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function canonicalRequest(
  request: IncomingMessage,
  url: URL,
  headers: { name: string; value: string }[],
  bodyHash: string,
): string {
  return [
    request.method,
    canonicalPath(url.pathname),
    canonicalQuery(url.searchParams),
    ...headers.map(({ name, value }) => `${name}:${value}`),
    '',
    headers.map(({ name }) => name).join(';'),
    bodyHash,
  ].join('\n');
}

/**
 * Encoded once more than it was sent, without empty segments. Every service except S3 requires
 * that.
 */
function canonicalPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const slash = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(encode).join('/')}${slash}`;
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => ({ name: encode(name), value: encode(value) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
}

/** Encodes all but the unreserved characters of RFC 3986, which are fewer than JavaScript's. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
