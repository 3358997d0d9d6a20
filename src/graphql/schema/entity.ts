import { InvalidInputError } from '../../errors/errors.ts';
import { type MaybePromise, settleMaybePromise } from '../../maybe-promise.ts';
import { ElsewhereError } from '../../resources/everywhere/elsewhere.ts';
import type { Context } from '../context.ts';
import type { builder } from './builder.ts';

/** A field of a key: what it is, in words, and whether a value is that. */
export type KeyField = { name: string; expected: string; matches(value: unknown): boolean };

/** What other subgraphs know an entity by. */
export type Key = {
  fields: [KeyField, ...KeyField[]];
  /** The id for `find`, from values that match. */
  idOf(values: Record<string, unknown>): string;
};

/** A key of one field, which is an id for `find` itself. */
export const keyOf = (name: string, expected: string, matches: (text: string) => boolean): Key => ({
  fields: [{ name, expected, matches: (value) => typeof value === 'string' && matches(value) }],
  idOf: (values) => String(values[name]),
});

/** A type that other subgraphs can refer to, by any of its keys. */
export type Entity<T> = {
  ref: ReturnType<typeof builder.objectRef<T>>;
  /** In the order of its directives, to which new ones are added at the end. */
  keys: readonly Key[];
  /** Null where there is none; an `InvalidInputError` where there can be none. */
  find(id: string, path: string[], context: Context): MaybePromise<T | null>;
  /** What to tell someone whose key is of another region or account; undefined where it is not. */
  expectedRegion(id: string, context: Context): string | undefined;
};

/** The directives of its type. */
export const keyDirectives = <T>({ keys }: Entity<T>) => ({
  key: keys.map(({ fields }) => ({ fields: fields.map(({ name }) => name).join(' ') })),
});

/** By its id; where that can be of none, the error says that it is of another region or account, or is the one of `malformed`. */
export function findEntity<T>(
  entity: Pick<Entity<T>, 'find' | 'expectedRegion'>,
  id: string,
  path: string[],
  malformed: () => InvalidInputError,
  context: Context,
): MaybePromise<T | null> {
  const complaint = () => {
    const message = entity.expectedRegion(id, context);
    return message === undefined ? malformed() : new InvalidInputError([{ path, message }]);
  };
  const isMalformed = (error: unknown) =>
    error instanceof InvalidInputError && !(error instanceof ElsewhereError);
  return settleMaybePromise(
    () => entity.find(id, path, context),
    (found) => found,
    (error) => context.fieldErrors.reject(() => (isMalformed(error) ? complaint() : error)),
  );
}
