import { chosen } from '../errors.ts';
import { decodePosition, encodePosition } from '../position.ts';

/** The service model's default and maximum for `limit`. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 500;

type PageRequest = { limit?: number | undefined; position?: string | undefined };

/**
 * A page of a list by ascending id, with the position of the next page unless this is the last. AWS
 * accepts a negative limit: GetApiKeys was recorded to answer 200 for -1 (LocalStack's
 * AWS-validated snapshot `get-api-keys-invalid-limit`, in an account without keys). The emulator
 * chose the default size for that page.
 */
export function pageOf<T>(
  { limit: asked = DEFAULT_LIMIT, position }: PageRequest,
  read: (limit: number, afterId?: string) => T[],
  idOf: (item: T) => string,
): { items: T[]; position: string | undefined } {
  const limit = asked < 0 ? DEFAULT_LIMIT : asked;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw chosen.limit();
  const afterId = position === undefined ? undefined : decodePosition(position);
  const { items, lastId } = pageAfter(limit, afterId, read, idOf);
  return { items, position: lastId && encodePosition(lastId) };
}

/** A page after an id, and the id of its last item unless this is the last page. */
export function pageAfter<T>(
  limit: number,
  afterId: string | undefined,
  read: (limit: number, afterId?: string) => T[],
  idOf: (item: T) => string,
): { items: T[]; lastId: string | undefined } {
  const found = read(limit + 1, afterId);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, lastId: found.length > limit && last ? idOf(last) : undefined };
}
