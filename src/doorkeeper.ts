import { hash } from 'node:crypto';

/** How many texts that came once are remembered. A power of two; each takes four bytes. */
const PLACES = 16_384;

/**
 * Tells whether a text comes for the second time. Most texts that come once never come again, and an entry for one would only
 * push out useful ones. Of a text only a fingerprint is kept, in a place that it may lose to any other text.
 */
export function createDoorkeeper(): (text: string) => boolean {
  const fingerprints = new Uint32Array(PLACES);
  return (text) => {
    const digest = hash('sha1', text, 'binary');
    const place = wordAt(digest, 0) % PLACES;
    const fingerprint = wordAt(digest, 4);
    const isSecond = fingerprints[place] === fingerprint;
    fingerprints[place] = isSecond ? 0 : fingerprint;
    return isSecond;
  };
}

/** 32 bits of four characters. */
const wordAt = (digest: string, index: number): number =>
  ((digest.charCodeAt(index) << 24) |
    (digest.charCodeAt(index + 1) << 16) |
    (digest.charCodeAt(index + 2) << 8) |
    digest.charCodeAt(index + 3)) >>>
  0;
