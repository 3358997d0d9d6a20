import * as oauth from 'oauth4webapi';
import type { OidcSettings } from './settings.ts';

/** What the issuer gave. */
export type Tokens = { accessToken: string; refreshToken: string | undefined };

/** What has to outlive the way to the issuer and back: no credential, and removed on return. */
type Attempt = { verifier: string; state: string; place: string };

const KEY = 'certway:sign-in';

/** Where the issuer sends the person back to; it must know this address. */
const REDIRECT_URI = new URL('.', document.baseURI).href;

/** Without TLS only if the settings of the service say so: its issuer is on this machine, or they are wrong. */
const optionsOf = ({ issuer }: OidcSettings) => ({
  [oauth.allowInsecureRequests]: new URL(issuer).protocol === 'http:',
});

async function serverOf(settings: OidcSettings): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(settings.issuer);
  const response = await oauth.discoveryRequest(issuer, optionsOf(settings));
  return oauth.processDiscoveryResponse(issuer, response);
}

/** Leaves the page for the issuer, which sends the person back (https://www.rfc-editor.org/rfc/rfc7636). */
export async function leaveToSignIn(settings: OidcSettings): Promise<void> {
  const { authorization_endpoint: endpoint } = await serverOf(settings);
  if (!endpoint) throw new Error('the metadata of the issuer have no authorization_endpoint');
  const verifier = oauth.generateRandomCodeVerifier();
  const attempt: Attempt = { verifier, state: oauth.generateRandomState(), place: window.location.hash };
  window.sessionStorage.setItem(KEY, JSON.stringify(attempt));
  const address = new URL(endpoint);
  const parameters = {
    client_id: settings.clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    state: attempt.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...settings.parameters,
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  window.location.assign(address);
}

/** Completes what `leaveToSignIn` began, and goes back to where the person was. Undefined if this is no return from the issuer. */
export async function returnFromSignIn(settings: OidcSettings): Promise<Tokens | undefined> {
  const address = new URL(window.location.href);
  const text = window.sessionStorage.getItem(KEY);
  if (!text || !address.searchParams.has('state')) return undefined;
  const { verifier, state, place }: Attempt = JSON.parse(text);
  window.sessionStorage.removeItem(KEY);
  window.history.replaceState(null, '', `${REDIRECT_URI}${place}`); // a code in the address is of no use to anyone else
  const server = await serverOf(settings);
  const client = { client_id: settings.clientId };
  const parameters = oauth.validateAuthResponse(server, client, address, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    REDIRECT_URI,
    verifier,
    optionsOf(settings),
  );
  return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, response));
}

/** New tokens without the person, if the issuer still allows it. */
export async function refreshed(settings: OidcSettings, refreshToken: string): Promise<Tokens> {
  const server = await serverOf(settings);
  const client = { client_id: settings.clientId };
  const options = optionsOf(settings);
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options);
  const tokens = tokensOf(await oauth.processRefreshTokenResponse(server, client, response));
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
}

const tokensOf = (response: oauth.TokenEndpointResponse): Tokens => ({
  accessToken: response.access_token,
  refreshToken: response.refresh_token,
});

/** What went wrong, in the words of the issuer if it has any. */
export function wordsOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError)
    return error.error_description ?? error.error;
  return error instanceof Error ? error.message : String(error);
}
