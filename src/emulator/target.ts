/**
 * The URL of a request's target: a path with a query, or a whole URL. A path that begins with two
 * slashes names no host. Null if it is neither.
 */
export const parseTarget = (target: string, origin: string): URL | null =>
  URL.parse(target.startsWith('/') ? origin + target : target, origin);
