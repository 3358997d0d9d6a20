/** What waits for its turn, by whom it is for: each client in its turn, however much it has waiting. */
export type FairQueue<T> = {
  readonly size: number;
  /** False where there is no room for it. */
  add(client: string, item: T): boolean;
  delete(client: string, item: T): void;
  next(): T | undefined;
};

export type FairQueueOptions = {
  /** How many may wait in all, and of one client. */
  max: number;
  maxOfClient: number;
};

export function createFairQueue<T>({ max, maxOfClient }: FairQueueOptions): FairQueue<T> {
  /** In the order of their turns. */
  const clients = new Map<string, Set<T>>();
  let size = 0;

  function remove(client: string, items: Set<T>, item: T): void {
    if (!items.delete(item)) return;
    size -= 1;
    if (items.size === 0) clients.delete(client);
  }

  return {
    get size() {
      return size;
    },
    add: (client, item) => {
      const items = clients.get(client) ?? new Set();
      if (size >= max || items.size >= maxOfClient) return false;
      clients.set(client, items.add(item));
      size += 1;
      return true;
    },
    delete: (client, item) => {
      const items = clients.get(client);
      if (items) remove(client, items, item);
    },
    next: () => {
      for (const [client, items] of clients)
        for (const item of items) {
          remove(client, items, item);
          if (clients.delete(client)) clients.set(client, items); // behind the others
          return item;
        }
      return undefined;
    },
  };
}
