import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';
import { listen, stop } from '../emulator/support.ts';

const SCOPES = 'client-certificates:read client-certificates:write stages:write';

/** What the service requires as `aud`, at first. */
const AUDIENCE = 'urn:certway';

/**
 * A certified OpenID provider on a free port, whose people sign in with any name and password. It gives JWTs for the service
 * as access tokens, and knows one client: the page at `pageUrl`.
 */
export async function startIssuer(pageUrl: string) {
  const server = createServer();
  const issuer = await listen(server);
  const state = { audience: AUDIENCE };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'certway-page',
        token_endpoint_auth_method: 'none',
        application_type: 'native', // whose redirect may be plain HTTP, on this machine
        redirect_uris: [pageUrl],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    scopes: ['openid', 'offline_access', ...SCOPES.split(' ')],
    clientBasedCORS: () => true,
    issueRefreshToken: async () => true,
    ttl: {
      AccessToken: () => 3600,
      Session: 3600,
      Grant: 3600,
      Interaction: 3600,
      IdToken: 3600,
      RefreshToken: 3600,
    },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: state.audience,
          accessTokenTTL: 3600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  onTestFinished(() => stop(server));
  return {
    /** From now on, `aud` of the tokens that it gives. */
    giveFor: (audience: string) => {
      state.audience = audience;
    },
    env: {
      AUTH: 'jwt',
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: AUDIENCE,
      JWT_JWKS_URL: `${issuer}/jwks`,
      OIDC_CLIENT_ID: 'certway-page',
    },
  };
}
