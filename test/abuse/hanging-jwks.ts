import { createSigner, jwtEnv, startJwks, tokenOf } from '../support/authentication.ts';

/** A server that is asked for keys, and never answers: the settings for it, and a token for which it is asked. */
export async function hangingJwks() {
  const jwks = await startJwks();
  jwks.answer = () => undefined;
  return { env: jwtEnv(jwks.url), token: await tokenOf(await createSigner('unknown')) };
}
