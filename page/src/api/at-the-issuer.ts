type Oidc = typeof import('./oidc.ts');

const NOT_LOADED =
  'A part of the page could not be loaded. The service may have a newer version of the page: load the page again.';

/** Does something at the issuer, whose code is loaded only then. Resolves to what went wrong, in words. */
export const atTheIssuer = async (act: (oidc: Oidc) => Promise<void>): Promise<string | undefined> =>
  import('./oidc.ts').then(
    (oidc) => act(oidc).then(() => undefined, oidc.wordsOf),
    () => NOT_LOADED,
  );
