import type { AuthSettings } from '../auth/authentication.ts';
import { SCOPES } from '../auth/viewer.ts';

/** What the page learns about the service before it begins: nothing that not everyone may know. */
export type PageSettings = {
  graphiql: boolean;
  auth: { kind: AuthSettings['kind']; oidc?: Oidc };
};

type Oidc = { issuer: string; clientId: string; parameters: Record<string, string> };

export function pageSettings(auth: AuthSettings, hasGraphiQL: boolean): PageSettings {
  const oidc = oidcOf(auth);
  return { graphiql: hasGraphiQL, auth: { kind: auth.kind, ...(oidc && { oidc }) } };
}

/** The scopes to ask for are ours, unless the parameters have others. */
function oidcOf(auth: AuthSettings): Oidc | undefined {
  if (auth.kind !== 'jwt' || !auth.oidc) return undefined;
  const { clientId, parameters } = auth.oidc;
  return {
    issuer: auth.issuer,
    clientId,
    parameters: { scope: `openid ${SCOPES.join(' ')}`, ...parameters },
  };
}

/**
 * Cloudscape needs no more (https://cloudscape.design/get-started/dev-guides/csp/): its fonts and some pictures are in its styles.
 * The page asks the issuer for its metadata and for tokens.
 */
export function pagePolicy({ auth: { oidc } }: PageSettings): string {
  const issuer = oidc ? ` ${new URL(oidc.issuer).origin}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'font-src data:',
    "img-src 'self' data:",
    `connect-src 'self'${issuer}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
