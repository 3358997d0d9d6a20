import { ForbiddenError } from '../errors.ts';

/** What a caller can be allowed to do. */
export const SCOPES = ['client-certificates:read', 'client-certificates:write', 'stages:write'] as const;

export type Scope = (typeof SCOPES)[number];

/** A caller: the name for the log, and what they may do. */
export type Viewer = { readonly name: string; readonly scopes: ReadonlySet<Scope> };

export const isScope = (word: string): word is Scope => SCOPES.some((scope) => scope === word);

/** Throws a `ForbiddenError` that names the scope if the viewer lacks it. */
export function requireScope({ scopes }: Viewer, scope: Scope): void {
  if (!scopes.has(scope)) throw new ForbiddenError(scope);
}
