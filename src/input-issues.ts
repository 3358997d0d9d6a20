import { type InputIssue, InvalidInputError } from './errors.ts';

/** Throws all issues at once, if there are any. */
export function throwIfInvalid(issues: InputIssue[]): void {
  if (issues.length > 0) throw new InvalidInputError(issues);
}

/** Counted in Unicode code points, as AWS counts characters. */
export function lengthIssues(text: string, least: number, most: number, path: string[]): InputIssue[] {
  const { length } = [...text];
  if (length >= least && length <= most) return [];
  return [{ path, message: `expected ${least} to ${most} characters, got ${length}` }];
}

/** Half a surrogate pair has no UTF-8: it would be stored as U+FFFD, and read back as another text than was given. */
export function textIssues(text: string, path: string[]): InputIssue[] {
  if (text.isWellFormed()) return [];
  return [{ path, message: `expected Unicode text, got half a surrogate pair in ${quote(text)}` }];
}

/** The value as a message may repeat it: short, and as JSON. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  return value === undefined ? 'nothing' : shortened(beginningOf(value));
}

const MAX_QUOTED_LENGTH = 40;

const shortened = (text: string) =>
  text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;

/** JSON that is right as far as it is quoted, each value in it being a character at least: any depth can come of a client. */
function beginningOf(value: unknown): string {
  let left = MAX_QUOTED_LENGTH + 1;
  return JSON.stringify(value, (_, inner) => {
    left -= 1;
    return left >= 0 ? inner : null;
  });
}
