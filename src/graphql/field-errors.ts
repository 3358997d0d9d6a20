import { GraphQLError } from 'graphql';

/** The maximum number of field errors in an answer. */
const MAX_FIELD_ERRORS = 100;

/** The field errors of one operation. */
export type FieldErrors = {
  /** Rejects with the error, which is made only while there are few. */
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

/** The first errors, and one for all others. */
export function firstOf(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  if (errors.length <= MAX_FIELD_ERRORS) return errors;
  const first = errors.filter((error) => !(error instanceof TooManyErrors)).slice(0, MAX_FIELD_ERRORS);
  return [...first, new TooManyErrors(null)];
}

/** Stands for all field errors beyond the first ones. Given a path, the executor does not wrap it. */
class TooManyErrors extends GraphQLError {
  constructor(path: [] | null = []) {
    super(`There are more errors than these first ${MAX_FIELD_ERRORS}.`, {
      path,
      extensions: { code: 'TOO_MANY_ERRORS' },
    });
  }
}
