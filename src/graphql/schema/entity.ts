import { InvalidInputError } from '../../errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import { ElsewhereError } from '../../resources/everywhere/elsewhere.ts';
import type { Context } from '../context.ts';
import type { builder } from './builder.ts';

/** A type that other subgraphs can refer to, by any of its keys. */
export type Entity<T> = {
  ref: ReturnType<typeof builder.objectRef<T>>;
  /** What each of its keys is, in words, and whether a text is that. */
  keys: Record<string, { expected: string; matches(text: string): boolean }>;
  /** Null where there is none; an `InvalidInputError` where there can be none. */
  find(key: string, path: string[], context: Context): MaybePromise<T | null>;
  /** What to tell someone whose key is of another region; undefined where it is not. */
  expectedRegion(key: string, context: Context): string | undefined;
};

/** The directives of its type. */
export const keyDirectives = <T>({ keys }: Entity<T>) => ({
  key: Object.keys(keys).map((fields) => ({ fields })),
});

/** By one of its keys; where that can be of none, the error says that it is of another region, or is the one of `malformed`. */
export async function findEntity<T>(
  entity: Pick<Entity<T>, 'find' | 'expectedRegion'>,
  key: string,
  path: string[],
  malformed: () => InvalidInputError,
  context: Context,
): Promise<T | null> {
  const found = async () => entity.find(key, path, context);
  const complaint = () => {
    const message = entity.expectedRegion(key, context);
    return message === undefined ? malformed() : new InvalidInputError([{ path, message }]);
  };
  const isMalformed = (error: unknown) =>
    error instanceof InvalidInputError && !(error instanceof ElsewhereError);
  return found().catch((error) =>
    context.fieldErrors.reject(() => (isMalformed(error) ? complaint() : error)),
  );
}
