import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { startService } from './service.ts';

export const ISSUER = 'https://issuer.example.com/';
export const AUDIENCE = 'certway';

/** A key pair of an issuer: the private key, and its entry in the JWKS. */
export type Signer = { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK };

export async function createSigner(kid: string, alg = 'ES256'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export type TokenOptions = { header?: Record<string, unknown>; claims?: Record<string, unknown>; now?: Date };

/** A valid token by default; a claim or a header that is undefined is left out. */
export async function tokenOf(
  { kid, alg, privateKey }: Signer,
  { header = {}, claims = {}, now = new Date() }: TokenOptions = {},
): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'portal',
    exp: seconds + 300,
    scope: 'client-certificates:read client-certificates:write',
    ...claims,
  })
    .setProtectedHeader({ alg, kid, ...header })
    .sign(privateKey);
}

/** A JWKS server on a free port, which returns the public keys of `signers`. */
export async function startJwks(...signers: Signer[]) {
  const jwks = {
    url: '',
    signers,
    /** The number of requests so far. */
    fetches: 0,
    /** Responds instead of returning the keys. */
    answer: undefined as ((response: ServerResponse) => void) | undefined,
    stop: () => stop(server),
  };
  const server = createServer((_, response) => {
    jwks.fetches += 1;
    if (jwks.answer) return jwks.answer(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: jwks.signers.map(({ jwk }) => jwk) }));
  });
  jwks.url = `${await listen(server)}/keys`;
  onTestFinished(async () => {
    if (server.listening) await stop(server);
  });
  return jwks;
}

export const jwtEnv = (url: string) => ({
  AUTH: 'jwt',
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
  JWT_JWKS_URL: url,
});

/** The service with its own JWKS server, and a clock that stands still until `pass` moves it. */
export const startJwtService = async (...signers: Signer[]) => startJwtServiceOn(await startJwks(...signers));

/** The same with a JWKS server that may be prepared. */
export async function startJwtServiceOn(jwks: Awaited<ReturnType<typeof startJwks>>) {
  let nowMs = Date.parse('2026-06-15T12:00:00Z');
  const now = () => new Date(nowMs);
  const service = await startService({ now, env: jwtEnv(jwks.url) });
  return {
    ...service,
    jwks,
    now,
    pass: (ms: number) => {
      nowMs += ms;
    },
    token: (signer: Signer, options: TokenOptions = {}) => tokenOf(signer, { now: now(), ...options }),
    /** The status of the response to a small query with this token. */
    call: async (token: string) => statusOf(await service.post(QUERY, { authorization: `Bearer ${token}` })),
  };
}

export const QUERY = { query: '{ __typename }' };

export async function statusOf(response: Response): Promise<number> {
  await response.body?.cancel();
  return response.status;
}

/** An entry of `API_KEYS`. */
export const apiKeyEntry = (
  name: string,
  key: string,
  scopes = 'client-certificates:read client-certificates:write stages:write',
) => `${name}=${sha256(key)} ${scopes}`;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
