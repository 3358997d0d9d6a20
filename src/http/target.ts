/** The path of a request without a trailing slash, and the query with its question mark. */
export type Target = { path: string; search: string };

/** The form for proxies, which every server must accept (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2). */
const ABSOLUTE = /^https?:\/\/([^/?#]+)/i;

/** Reads the target of a request: a path, or an absolute URL. */
export function targetOf(url: string): Target {
  const local = url.startsWith('/') ? url : url.replace(ABSOLUTE, '');
  const end = local.indexOf('?');
  const path = end === -1 ? local : local.slice(0, end);
  return { path: withoutSlash(path), search: end === -1 ? '' : local.slice(end) };
}

/** The host of an absolute URL, which overrides the header (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2). */
export const hostOf = (url: string): string | undefined =>
  url.startsWith('/') ? undefined : ABSOLUTE.exec(url)?.[1];

const withoutSlash = (path: string) => {
  if (path === '') return '/';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
};

/**
 * Whether the percent-encoded bytes of a query are UTF-8. `URLSearchParams` would replace others by U+FFFD
 * (https://url.spec.whatwg.org/#urlencoded-parsing).
 */
export function isUtf8Query(search: string): boolean {
  if (!ENCODED.test(search)) return true;
  try {
    decodeURIComponent(search.replaceAll(PLAIN_PERCENT, '%25'));
    return true;
  } catch {
    return false;
  }
}

const ENCODED = /%[89a-f]/i;
const PLAIN_PERCENT = /%(?![0-9a-f]{2})/gi;
