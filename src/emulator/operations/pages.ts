import { chosen } from '../errors.ts';
import { decodePosition, encodePosition } from '../position.ts';

/** The service model's default and maximum for `limit`. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 500;

type PageRequest = { limit?: number | undefined; position?: string | undefined };

/**
 * A page of a list by ascending id, with the position of the next one unless this is the last. AWS does not refuse a
 * negative limit: GetApiKeys was recorded to answer 200 to -1 (LocalStack's AWS-validated snapshot
 * `get-api-keys-invalid-limit`, of an account without keys). That the page then has the default size is chosen here.
 */
export function pageOf<T>(
  { limit: asked = DEFAULT_LIMIT, position }: PageRequest,
  read: (limit: number, afterId?: string) => T[],
  idOf: (item: T) => string,
): { items: T[]; position: string | undefined } {
  const limit = asked < 0 ? DEFAULT_LIMIT : asked;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw chosen.limit();
  const found = read(limit + 1, position === undefined ? undefined : decodePosition(position));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, position: found.length > limit && last ? encodePosition(idOf(last)) : undefined };
}
