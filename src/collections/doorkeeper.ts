/** How many texts that came once are remembered. A power of two; each takes four bytes. */
const PLACES = 16_384;

/**
 * Tells whether a text comes for the second time. Most texts that come once never come again, and an entry for one would only
 * push out useful ones. Of a text only a fingerprint is kept, in a place that it may lose to any other text.
 */
export function createDoorkeeper(): (text: string) => boolean {
  const fingerprints = new Uint32Array(PLACES);
  return (text) => {
    const fingerprint = fingerprintOf(text);
    const place = fingerprint % PLACES;
    const isSecond = fingerprints[place] === fingerprint;
    fingerprints[place] = isSecond ? 0 : fingerprint;
    return isSecond;
  };
}

/**
 * FNV-1a over UTF-16, 32 bits (https://www.rfc-editor.org/rfc/rfc9923). Who makes two texts with the same fingerprint gains no more than by
 * sending one of them twice.
 */
function fingerprintOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
