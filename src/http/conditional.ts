import type { HttpRequest } from '../exchange.ts';

/**
 * Whether the client has what this ETag stands for (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2). Weak tags and strong ones are
 * the same here: a proxy that compresses may have made the tag weak.
 */
export function hasAlready({ header }: Pick<HttpRequest, 'header'>, etag: string): boolean {
  const known = header('if-none-match') ?? '';
  return known.trim() === '*' || known.split(',').some((tag) => opaque(tag.trim()) === opaque(etag));
}

const opaque = (etag: string): string => etag.replace(/^W\//, '');

/** Whether the client takes this encoding: it names it, other than with the weight 0. */
export const takesEncoding = ({ header }: Pick<HttpRequest, 'header'>, encoding: 'br' | 'gzip'): boolean =>
  new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(header('accept-encoding') ?? '');
