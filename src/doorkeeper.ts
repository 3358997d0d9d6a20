import { LRUCache } from 'lru-cache';

/** What an entry takes besides its text. */
const ENTRY_BYTES = 128;

/**
 * Tells whether a text comes for the second time. Most of what comes once never comes again: to keep something for it
 * would only push out what does. It is forgotten when `maxBytes` of others came since.
 */
export function createDoorkeeper(maxBytes: number): (text: string) => boolean {
  const first = new LRUCache<string, true>({
    maxSize: maxBytes,
    sizeCalculation: (_, { length }) => ENTRY_BYTES + 2 * length,
  });
  return (text) => {
    if (first.delete(text)) return true;
    first.set(text, true);
    return false;
  };
}
