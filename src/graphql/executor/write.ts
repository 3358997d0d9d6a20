import type { WrittenText } from './written-text.ts';

/** The coerced variables of an operation. */
export type Variables = Record<string, unknown>;

/** One execution. Without variables, it is about what depends on none. */
export type Run<C> = { context: C; variables?: Variables; text: WrittenText };

/** Writes a value as JSON, or a field of it with its key. */
export type Write<C> = (value: unknown, run: Run<C>) => void;

/** Writes an object by its fields, of which there is one at least. */
export function writeAll<C>(fields: readonly Write<C>[], value: unknown, run: Run<C>): void {
  for (const write of fields) write(value, run);
  run.text.add('}');
}
