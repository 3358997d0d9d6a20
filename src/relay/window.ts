import { type InputIssue, InvalidInputError } from '../errors/errors.ts';
import { cursorIssue, decodeCursor, isLoose, unservedIssue } from './cursors.ts';
import type { Cursor, List } from './list.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './page-size.ts';

type Maybe<T> = T | null | undefined;

export type PageArguments = {
  first?: Maybe<number>;
  after?: Maybe<string>;
  last?: Maybe<number>;
  before?: Maybe<string>;
};

/** The checked page arguments. */
export type Window = { first?: number; last?: number; after?: Cursor; before?: Cursor };

/** Checks the arguments and decodes the cursors. Throws all complaints at once, together with `issues` of the field's other arguments. */
export function parseWindow<T>(list: List<T>, args: PageArguments, issues: InputIssue[] = []): Window {
  const complaints = [...issues, ...sizeIssues('first', args.first), ...sizeIssues('last', args.last)];
  if (args.first != null && args.last != null)
    complaints.push({ path: ['last'], message: 'expected either first or last, got both' });
  const cursorOf = (name: 'after' | 'before') => {
    const text = args[name];
    if (text == null) return undefined;
    const cursor = decodeCursor(list, text);
    if (!cursor) complaints.push(cursorIssue(name, text));
    else if (cursor.where !== undefined && list.places && !list.places.includes(cursor.where))
      complaints.push(unservedIssue(name, cursor.where));
    return cursor;
  };
  const after = cursorOf('after');
  const before = cursorOf('before');
  if (complaints.length > 0) throw new InvalidInputError(complaints);
  const isBackward = args.last != null || (args.first == null && before !== undefined);
  return {
    ...(isBackward ? { last: args.last ?? DEFAULT_PAGE_SIZE } : { first: args.first ?? DEFAULT_PAGE_SIZE }),
    ...(after && { after }),
    ...(before && { before }),
  };
}

/** Whether `after` names an item whose place was unknown, so that all items must be read to find it. */
export const isAfterLoose = ({ after }: Window): boolean => after !== undefined && isLoose(after);

function sizeIssues(name: string, size: Maybe<number>): InputIssue[] {
  if (size == null || (size >= 0 && size <= MAX_PAGE_SIZE)) return [];
  return [{ path: [name], message: `expected 0 to ${MAX_PAGE_SIZE}, got ${size}` }];
}
