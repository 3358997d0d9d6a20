import { createSigner, jwtEnv, startJwks, tokenOf } from '../support/authentication.ts';

/** A JWKS server that never responds: the settings for it, and a token that needs its keys. */
export async function hangingJwks() {
  const jwks = await startJwks();
  jwks.answer = () => undefined;
  return { env: jwtEnv(jwks.url), token: await tokenOf(await createSigner('unknown')) };
}
