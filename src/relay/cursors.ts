import { createHash } from 'node:crypto';
import type { InputIssue } from '../errors/errors.ts';
import { InvalidInputError } from '../errors/errors.ts';
import { quote } from '../errors/input-issues.ts';
import type { Cursor, List } from './list.ts';
import { MAX_PAGE_SIZE } from './page-size.ts';

/** How many ids a cursor holds: if so many adjacent items are deleted, the place between them is lost. */
export const MAX_IDS = 4;

/** What stands in a cursor for an item that has no id. */
const NO_ID = '';

/** The longest name of an account and region in a cursor. */
const MAX_NAME_LENGTH = 128;

export function encodeCursor(type: string, { digest, position, place, key, ids, where }: Cursor): string {
  const members = [type, digest, position, place, key, ids.map((id) => id ?? NO_ID)];
  if (where !== undefined) members.push(where);
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}

/** Identifies a filter, an order or both, so that cursors of one list are not taken for those of another. */
export const digestOf = (conditions: unknown): string =>
  createHash('sha256').update(JSON.stringify(conditions)).digest('base64url').slice(0, 12);

/** Undefined if `encodeCursor` cannot have made it for this list. The account and region in it may be any. */
export function decodeCursor<T>(list: List<T>, text: string): Cursor | undefined {
  const { type, digest } = list;
  const hasWhere = list.where !== undefined || list.places !== undefined;
  const parsed = parseJson(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(parsed) || parsed.length !== (hasWhere ? 7 : 6)) return undefined;
  const [ofType, ofDigest, position, place, key, ids, where] = parsed;
  if (ofType !== type || ofDigest !== digest) return undefined;
  const isWhole =
    (position === null || (typeof position === 'string' && position !== '' && position.isWellFormed())) &&
    Number.isInteger(place) &&
    place >= 0 &&
    place <= MAX_PAGE_SIZE &&
    (key === null || typeof key === 'string' || typeof key === 'number') &&
    Array.isArray(ids) &&
    ids.length >= 1 &&
    ids.length <= MAX_IDS &&
    ids.every((id) => typeof id === 'string') &&
    (!hasWhere || isName(where));
  if (!isWhole) return undefined;
  const cursor = {
    digest,
    position,
    place,
    key,
    ids: ids.map((id) => (id === NO_ID ? undefined : id)),
    ...(hasWhere && { where }),
  };
  return encodeCursor(type, cursor) === text ? cursor : undefined;
}

const isName = (where: unknown) =>
  typeof where === 'string' && where !== '' && where.length <= MAX_NAME_LENGTH && where.isWellFormed();

/** Whether a cursor was made of an item whose place is unknown. Any other cursor with so large a place has several ids. */
export const isLoose = ({ position, place, ids }: Cursor) =>
  position === null && place === MAX_PAGE_SIZE && ids.length === 1;

/** The complaint about a cursor that is malformed, or of another list. */
export const cursorIssue = (name: 'after' | 'before', text: string): InputIssue => ({
  path: [name],
  message: `expected a cursor of this connection, under the same filter and order, got ${quote(text)}`,
});

/** The complaint about a cursor of an account and region that is no longer in the settings, or never was. */
export const unservedIssue = (name: 'after' | 'before', where: string): InputIssue => ({
  path: [name],
  message: `expected a cursor of an account and region that is served, got one of ${JSON.stringify(where).slice(1, -1)}`,
});

/** The error for a cursor whose place neither its ids nor AWS can tell any more. */
export const lostCursor = () =>
  new InvalidInputError([
    {
      path: ['after'],
      message:
        'expected a cursor of this connection, under the same filter and order, got one that leads nowhere',
    },
  ]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
