import { LRUCache } from 'lru-cache';

/** The size of an entry besides its text. */
const ENTRY_BYTES = 128;

/**
 * Tells whether a text comes for the second time. Most texts that come once never come again, and an entry for one would only
 * push out useful ones. A text is forgotten after `maxBytes` of others.
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
