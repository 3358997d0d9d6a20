import type { InputIssue } from '../errors/errors.ts';

/** A filter without its nulls; undefined if nothing is left, which is no filter. */
export function conditionsOf<F extends object>(filter: F | null | undefined): F | undefined {
  const conditions = Object.entries(filter ?? {}).filter(([, condition]) => condition != null);
  return conditions.length === 0 ? undefined : (Object.fromEntries(conditions) as F);
}

/** The complaint about a condition that lists nothing, which nothing would match. */
export const emptyIssues = (name: string, list: unknown[] | null | undefined): InputIssue[] =>
  list?.length === 0 ? [{ path: ['filter', name], message: 'expected at least one, got none' }] : [];
