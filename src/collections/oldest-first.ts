/**
 * Items in the order in which they came. A `Set` would keep that order, too. But while thousands of items a second come and go,
 * it moves to new tables again and again, and each old table keeps what was in it alive until V8's next major collection.
 */
export type OldestFirst<T> = Iterable<T> & {
  readonly size: number;
  readonly oldest: T | undefined;
  /** Adds the newest item. The result removes it, if it is still there. */
  add(item: T): () => void;
  /** Removes the oldest item. */
  take(): T | undefined;
  removeIf(isUnwanted: (item: T) => boolean): void;
};

type Link<T> = { item: T | undefined; older: Link<T> | undefined; newer: Link<T> | undefined };

export function createOldestFirst<T>(): OldestFirst<T> {
  /** Comes before the oldest item and after the newest. */
  const ends: Link<T> = { item: undefined, older: undefined, newer: undefined };
  ends.older = ends;
  ends.newer = ends;
  let size = 0;

  function remove(link: Link<T>): void {
    const { older, newer } = link;
    if (!older || !newer) return;
    older.newer = newer;
    newer.older = older;
    link.older = undefined; // an old link must not keep a newer one alive
    link.newer = undefined;
    size -= 1;
  }

  /** The one at hand may be removed meanwhile. */
  function* links() {
    for (let link = ends.newer; link && link !== ends; ) {
      const { newer } = link;
      yield link;
      link = newer;
    }
  }

  return {
    get size() {
      return size;
    },
    get oldest() {
      return ends.newer?.item;
    },
    add: (item) => {
      const link: Link<T> = { item, older: ends.older, newer: ends };
      if (ends.older) ends.older.newer = link;
      ends.older = link;
      size += 1;
      return () => remove(link);
    },
    take: () => {
      const { newer: oldest } = ends;
      if (!oldest || oldest === ends) return undefined;
      remove(oldest);
      return oldest.item;
    },
    removeIf: (isUnwanted) => {
      for (const link of links()) if (isUnwanted(link.item as T)) remove(link);
    },
    *[Symbol.iterator]() {
      for (const link of links()) yield link.item as T;
    },
  };
}
