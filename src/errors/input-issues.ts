import { type InputIssue, InvalidInputError } from './errors.ts';
import { shortened } from './shortened.ts';

/** Throws all issues together, if there are any. */
export function throwIfInvalid(issues: InputIssue[]): void {
  if (issues.length > 0) throw new InvalidInputError(issues);
}

/** Counted in Unicode code points, as AWS counts characters. */
export function lengthIssues(text: string, least: number, most: number, path: string[]): InputIssue[] {
  const { length } = [...text];
  if (length >= least && length <= most) return [];
  return [{ path, message: `expected ${least} to ${most} characters, got ${length}` }];
}

/** Half a surrogate pair has no UTF-8 form. It would be stored as U+FFFD, which is another text. */
export function textIssues(text: string, path: string[]): InputIssue[] {
  if (text.isWellFormed()) return [];
  return [{ path, message: `expected Unicode text, got half a surrogate pair in ${quote(text)}` }];
}

/**
 * Reads entries, separated by commas. `read` returns what is wrong with one, which is told by its number. Where nothing is between two
 * commas, nothing is read.
 */
export const readEntries = (text: string, read: (entry: string) => string[]): string[] =>
  text.split(',').flatMap((entry, index) => {
    const wrong = entry.trim() === '' ? [] : read(entry.trim());
    return wrong.map((complaint) => `entry ${index + 1}: ${complaint}`);
  });

/** Quotes a value in a message: shortened, as JSON. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value, MAX_QUOTED_LENGTH));
  return value === undefined ? 'nothing' : shortened(beginningOf(value), MAX_QUOTED_LENGTH);
}

const MAX_QUOTED_LENGTH = 40;

/** JSON that is correct as far as it is quoted. Bounds the number of values, because a client can nest them to any depth. */
function beginningOf(value: unknown): string {
  let left = MAX_QUOTED_LENGTH + 1;
  return JSON.stringify(value, (_, inner) => {
    left -= 1;
    return left >= 0 ? inner : null;
  });
}
