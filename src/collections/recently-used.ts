import { LRUCache } from 'lru-cache';

/** The entries that were used last, `most` of them at most. With lru-cache's `max`, room for all of them would be taken at once. */
export const createRecentlyUsed = <T extends NonNullable<unknown>>(most: number): LRUCache<string, T> =>
  new LRUCache({ maxSize: most, sizeCalculation: () => 1 });
