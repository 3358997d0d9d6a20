import { GraphQLError } from 'graphql';

/** How many errors of fields an answer tells. */
const MAX_FIELD_ERRORS = 100;

/** The errors of fields of one operation. */
export type FieldErrors = {
  /** Rejects with the error, which is only made while there are few. */
  reject(make: () => Error): Promise<never>;
};

export function createFieldErrors(): FieldErrors {
  let count = 0;
  let others: Promise<never> | undefined;
  return {
    reject: (make) => {
      count += 1;
      if (count <= MAX_FIELD_ERRORS) return Promise.reject(make());
      others ??= Promise.reject(new TooManyErrors());
      return others;
    },
  };
}

/** As many of them as an answer tells, and one error for all others. */
export function firstOf(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  if (errors.length <= MAX_FIELD_ERRORS) return errors;
  const first = errors.filter((error) => !(error instanceof TooManyErrors)).slice(0, MAX_FIELD_ERRORS);
  return [...first, new TooManyErrors(null)];
}

/** Stands for all errors of fields beyond the first ones. With a path the executor leaves it as it is. */
class TooManyErrors extends GraphQLError {
  constructor(path: [] | null = []) {
    super(`There are more errors than these first ${MAX_FIELD_ERRORS}.`, {
      path,
      extensions: { code: 'TOO_MANY_ERRORS' },
    });
  }
}
