import { type InputIssue, InvalidInputError } from '../../errors/errors.ts';
import { throwIfInvalid } from '../../errors/input-issues.ts';

/** A well-formed id leads nowhere here, or to two things. Its words say so wherever the id was given. */
export class ElsewhereError extends InvalidInputError {
  constructor(issue: InputIssue) {
    super([issue]);
  }
}

/** Throws the first issue as an `ElsewhereError` if the id is well-formed, or else all of them. */
export function throwIfElsewhere(issues: InputIssue[], isWellFormed: boolean): void {
  const [issue] = issues;
  if (issue && isWellFormed) throw new ElsewhereError(issue);
  throwIfInvalid(issues);
}
