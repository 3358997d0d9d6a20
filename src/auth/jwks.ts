/*
 * Why not jose's `createRemoteJWKSet`: with it, 21 of the 31 tests in test/auth/jwks.test.ts fail. Once its
 * keys are ten minutes old, every caller waits for new ones, and all are refused while the JWKS server is
 * down. It does not pause after a fetch that failed, it reads an answer of any size, and it stops fetching
 * when the clock is set back.
 */
import { createLocalJWKSet } from 'jose';
import type { Logger } from 'pino';
import { AuthenticationUnavailableError } from '../errors/errors.ts';
import { fetchJwks, type KeySet } from './fetch-jwks.ts';

/** The keys behind a JWKS URL (https://www.rfc-editor.org/rfc/rfc7517#section-5). */
export type Jwks = {
  /** The keys known now, even if old or none. Old ones are fetched again in the background. */
  known(): KeySet;
  /**
   * For a token that fits no known key: fetches the keys again, unless that was tried just now. Rejects with
   * `AuthenticationUnavailableError` where the latest fetch failed: the token's key may be among those not
   * read.
   */
  renewed(): Promise<KeySet>;
};

export type JwksOptions = {
  url: string;
  now: () => Date;
  fetch: typeof globalThis.fetch;
  /** A signal that is aborted so many milliseconds later. */
  timeout: (ms: number) => AbortSignal;
  log: Logger;
};

/** A caller waits for the fetch if its token has an unknown key. */
const TIMEOUT_MS = 3_000;
/** The pause after a fetch that worked: a flood of tokens with unknown keys causes one fetch. */
const COOLDOWN_MS = 30_000;
/**
 * The pause after a failed fetch: doubled each time, up to `COOLDOWN_MS`, or to less while no keys are known.
 */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_WITHOUT_KEYS_MS = 5_000;
/** A key that was withdrawn is accepted for this long at most, while the JWKS server answers. */
const MAX_AGE_MS = 10 * 60_000;

/**
 * Fetches the keys at once, and keeps them until a later fetch succeeds, so that tokens with a known key need
 * no JWKS server.
 */
export function createJwks({ url, now, fetch, timeout, log }: JwksOptions): Jwks {
  let keys = createLocalJWKSet({ keys: [] });
  let inFlight: Promise<void> | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let failures = 0; // since the last fetch that worked

  /** A clock that was set back must not stop the fetches. */
  const sinceMs = (atMs: number) => Math.abs(now().getTime() - atMs);

  function pauseMs(): number {
    if (failures === 0) return COOLDOWN_MS;
    const hasKeys = fetchedAtMs > Number.NEGATIVE_INFINITY;
    const longestMs = hasKeys ? COOLDOWN_MS : LONGEST_PAUSE_WITHOUT_KEYS_MS;
    return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), longestMs);
  }

  /** Waits for the fetch that is in flight; starts one if there is none, and was none just now. */
  async function renew(): Promise<void> {
    if (!inFlight && sinceMs(triedAtMs) < pauseMs()) return;
    inFlight ??= tryToFetch();
    await inFlight;
  }

  async function tryToFetch(): Promise<void> {
    try {
      keys = await fetchJwks(url, { fetch, signal: timeout(TIMEOUT_MS) });
      fetchedAtMs = now().getTime();
      failures = 0;
    } catch (err) {
      failures += 1;
      log.warn({ err }, 'JWT_JWKS_URL cannot be read; the keys that are known stay valid');
    }
    triedAtMs = now().getTime();
    inFlight = undefined;
  }

  void renew();
  return {
    known() {
      if (sinceMs(fetchedAtMs) >= MAX_AGE_MS) void renew();
      return keys;
    },
    async renewed() {
      await renew();
      if (failures > 0) throw new AuthenticationUnavailableError(pauseMs() - sinceMs(triedAtMs));
      return keys;
    },
  };
}
