import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';

/** Finds the key of a token; throws jose's `JWKSNoMatchingKey` where there is none. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The keys behind a JWKS URL (https://www.rfc-editor.org/rfc/rfc7517#section-5). Neither of these ever fails. */
export type Jwks = {
  /** As they are known now, old or none though they may be; fetched again in the background where they are old. */
  known(): KeySet;
  /** For a token that fits none of the known: fetched again, unless that was tried just now. */
  renewed(): Promise<KeySet>;
};

export type JwksOptions = { url: string; now: () => Date; fetch: typeof globalThis.fetch; log: Logger };

/** Someone waits for it with a token whose key is unknown. */
const TIMEOUT_MS = 3_000;
/** Between two fetches, whether or not the first one worked: a flood of tokens with unknown keys makes one. */
const COOLDOWN_MS = 30_000;
/** After that, a key that was withdrawn is found out. */
const MAX_AGE_MS = 10 * 60_000;

/**
 * Keys are kept until a fetch brings others, so that tokens with a known key need no JWKS server. Nothing is fetched
 * before the first token comes.
 */
export function createJwks({ url, now, fetch, log }: JwksOptions): Jwks {
  let keys = createLocalJWKSet({ keys: [] });
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let latest = Promise.resolve();

  /** A clock that was set back must not stop the fetches. */
  const isPast = (atMs: number, durationMs: number) => Math.abs(now().getTime() - atMs) >= durationMs;

  /** Ends with the latest fetch, which may be over already. */
  function renew(): Promise<void> {
    if (!isPast(triedAtMs, COOLDOWN_MS)) return latest;
    triedAtMs = now().getTime();
    latest = read().then(
      (newest) => {
        keys = newest;
        fetchedAtMs = now().getTime();
      },
      (err) => log.warn({ err }, 'JWT_JWKS_URL cannot be read; the keys that are known stay valid'),
    );
    return latest;
  }

  async function read(): Promise<KeySet> {
    const response = await fetch(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'manual', // keys come from the URL that was configured
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`expected status 200, got ${response.status}`);
    }
    return createLocalJWKSet((await response.json()) as JSONWebKeySet); // which checks that it is one
  }

  return {
    known() {
      if (isPast(fetchedAtMs, MAX_AGE_MS)) void renew();
      return keys;
    },
    async renewed() {
      await renew();
      return keys;
    },
  };
}
