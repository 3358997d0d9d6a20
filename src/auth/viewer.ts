import { ForbiddenError } from '../errors/errors.ts';

/** What a caller can be allowed to do. */
export const SCOPES = ['client-certificates:read', 'client-certificates:write', 'stages:write'] as const;

export type Scope = (typeof SCOPES)[number];

/** A caller: the name for the log, and what they may do. */
export type Viewer = { readonly name: string; readonly scopes: ReadonlySet<Scope> };

export const isScope = (word: string): word is Scope => SCOPES.some((scope) => scope === word);

/** Wraps functions so that they first throw a `ForbiddenError` if the viewer lacks one of the scopes. */
export const requiring =
  ({ scopes }: Viewer, ...required: Scope[]) =>
  <Args extends unknown[], R>(run: (...args: Args) => R) =>
  (...args: Args): R => {
    for (const scope of required) if (!scopes.has(scope)) throw new ForbiddenError(scope);
    return run(...args);
  };

/** The same for functions that return promises: these reject. */
export const requiringAsync =
  (...viewerAndScopes: Parameters<typeof requiring>) =>
  <Args extends unknown[], R>(run: (...args: Args) => Promise<R>) =>
  async (...args: Args): Promise<R> =>
    requiring(...viewerAndScopes)(run)(...args);
