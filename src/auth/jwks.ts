import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import { AuthenticationUnavailableError } from '../errors.ts';

/** Finds the key of a token; throws jose's `JWKSNoMatchingKey` where there is none. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The keys behind a JWKS URL (https://www.rfc-editor.org/rfc/rfc7517#section-5). */
export type Jwks = {
  /** As they are known now, old or none though they may be; fetched again in the background where they are old. */
  known(): KeySet;
  /**
   * For a token that fits none of the known: fetched again, unless that was tried just now. Rejects with
   * `AuthenticationUnavailableError` where the latest fetch failed: the token's key may be among those not read.
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

/** Someone waits for it with a token whose key is unknown. */
const TIMEOUT_MS = 3_000;
/** Between a fetch that worked and the next: a flood of tokens with unknown keys makes one. */
const COOLDOWN_MS = 30_000;
/** After one that failed: doubled each time, up to `COOLDOWN_MS`; to less while nobody can be let in for want of keys. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_WITHOUT_KEYS_MS = 5_000;
/** After that, a key that was withdrawn is found out. */
const MAX_AGE_MS = 10 * 60_000;
/** Issuers have a few keys, of about 500 bytes. All are looked at for each token. */
const MAX_BYTES = 1024 * 1024;
const MAX_KEYS = 100;

/**
 * The keys are fetched at once, and kept until a fetch brings others, so that tokens with a known key need no JWKS
 * server.
 */
export function createJwks({ url, now, fetch, timeout, log }: JwksOptions): Jwks {
  let keys = createLocalJWKSet({ keys: [] });
  let underWay: Promise<void> | undefined;
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

  /** Ends with the fetch that is under way; begins one if none is, and none was just now. */
  async function renew(): Promise<void> {
    if (!underWay && sinceMs(triedAtMs) < pauseMs()) return;
    underWay ??= tryToRead();
    await underWay;
  }

  async function tryToRead(): Promise<void> {
    try {
      keys = await read();
      fetchedAtMs = now().getTime();
      failures = 0;
    } catch (err) {
      failures += 1;
      log.warn({ err }, 'JWT_JWKS_URL cannot be read; the keys that are known stay valid');
    }
    triedAtMs = now().getTime();
    underWay = undefined;
  }

  async function read(): Promise<KeySet> {
    const response = await fetch(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'manual', // keys come from the URL that was configured
      signal: timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`expected status 200, got ${response.status}`);
    }
    return parse(await textOf(response));
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

/** Reads no more than it may have. */
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
  const found = createLocalJWKSet(set); // which checks that it is one
  if (set.keys.length > MAX_KEYS) throw new Error(`expected up to ${MAX_KEYS} keys, got ${set.keys.length}`);
  return found;
}
