import { type InputIssue, InvalidInputError } from '../../errors.ts';

/** A well-formed id leads nowhere here, or to two things. Its words say so wherever the id was given. */
export class ElsewhereError extends InvalidInputError {
  constructor(issue: InputIssue) {
    super([issue]);
  }
}
