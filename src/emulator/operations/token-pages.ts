import { chosen } from '../errors/v2-apis.ts';
import { pageAfter } from './pages.ts';

/** The service model has no default and no maximum. These are the ones of REST APIs. */
const DEFAULT_RESULTS = 25;
const MAX_RESULTS = 500;

/** `maxResults` is a string in the service model. */
export type TokenPageRequest = { maxResults?: string | undefined; nextToken?: string | undefined };

/** A page of a list by ascending id, with the token of the next page unless this is the last. */
export function tokenPageOf<T>(
  { maxResults = String(DEFAULT_RESULTS), nextToken }: TokenPageRequest,
  read: (limit: number, afterId?: string) => T[],
  idOf: (item: T) => string,
): { items: T[]; nextToken: string | undefined } {
  const limit = /^\d{1,3}$/.test(maxResults) ? Number(maxResults) : 0;
  if (limit < 1 || limit > MAX_RESULTS) throw chosen.maxResults();
  const { items, lastId } = pageAfter(
    limit,
    nextToken === undefined ? undefined : decode(nextToken),
    read,
    idOf,
  );
  return { items, nextToken: lastId && encode(lastId) };
}

const PREFIX = 'id=';

const encode = (lastId: string): string => Buffer.from(PREFIX + lastId).toString('base64');

/** The id after which the next page begins. */
function decode(token: string): string {
  const text = Buffer.from(token, 'base64').toString('latin1');
  if (!text.startsWith(PREFIX) || encode(text.slice(PREFIX.length)) !== token) throw chosen.nextToken();
  return text.slice(PREFIX.length);
}
