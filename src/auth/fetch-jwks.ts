import { createLocalJWKSet, type JSONWebKeySet } from 'jose';

/** Finds the key of a token; throws jose's `JWKSNoMatchingKey` if there is none. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** Issuers have a few keys of about 500 bytes each. Every token is compared with all of them. */
const MAX_BYTES = 1024 * 1024;
const MAX_KEYS = 100;

/** Fetches the keys behind a JWKS URL; rejects if the answer is anything else, or too large. */
export async function fetchJwks(
  url: string,
  { fetch, signal }: { fetch: typeof globalThis.fetch; signal: AbortSignal },
): Promise<KeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual', // keys come from the URL that was configured
    signal,
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`expected status 200, got ${response.status}`);
  }
  return parse(await textOf(response));
}

/** Stops reading as soon as the body is too large. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`expected up to ${MAX_BYTES} bytes, got more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): KeySet {
  const set: JSONWebKeySet = JSON.parse(text);
  const keySet = createLocalJWKSet(set); // throws if it is not a key set
  if (set.keys.length > MAX_KEYS) throw new Error(`expected up to ${MAX_KEYS} keys, got ${set.keys.length}`);
  return keySet;
}
