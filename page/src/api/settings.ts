/** What the service says about itself in `page.json`, beside the page. */
export type PageSettings = {
  /** Whether GraphiQL is there, at `graphql`. */
  graphiql: boolean;
  auth: {
    kind: 'none' | 'api-key' | 'jwt' | 'mtls';
    /** Whether requests of the page have credentials without it, from a proxy, or need none. */
    isSignedIn: boolean;
    /** Where people can sign in; undefined if they have to bring a token. */
    oidc?: OidcSettings;
  };
};

export type OidcSettings = {
  issuer: string;
  clientId: string;
  /** Of the request for a code, besides those that every such request has. */
  parameters: Record<string, string>;
};

/** Rejects if the service cannot be reached. All addresses are relative, so that the page works behind a path prefix. */
export async function readSettings(): Promise<PageSettings> {
  const response = await fetch('page.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`page.json: expected status 200, got ${response.status}`);
  return response.json();
}
