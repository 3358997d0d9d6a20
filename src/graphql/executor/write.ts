/** The coerced variables of an operation. */
export type Variables = Record<string, unknown>;

/** One execution. Without variables, it is about what depends on none. */
export type Run<C> = {
  context: C;
  variables?: Variables;
  /** Whether all that was written so far are ASCII characters. */
  isAscii: boolean;
};

/** Writes a value as JSON, or a field of it with its key. */
export type Write<C> = (value: unknown, run: Run<C>) => string;
