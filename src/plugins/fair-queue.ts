/**
 * What waits for its turn, by whom it is for. The next one is of the client that has been given the least time while
 * others waited: neither many nor long turns of one keep another waiting
 * (start-time fair queueing, https://dl.acm.org/doi/10.1145/248157.248171).
 */
export type FairQueue<T> = {
  readonly size: number;
  /** False where there is no room for it. */
  add(client: string, item: T): boolean;
  delete(client: string, item: T): void;
  next(): { client: string; item: T } | undefined;
  /** How long the turn took that the client has had. */
  charge(client: string, ms: number): void;
};

export type FairQueueOptions = {
  /** How many may wait in all, and of one client. */
  max: number;
  maxOfClient: number;
};

/** A turn that is too short to be measured. */
const MIN_TURN_MS = 0.01;

/** How long a client has been served, or what those had who were served when it came. */
type Account<T> = { servedMs: number; items: Set<T> };

export function createFairQueue<T>({ max, maxOfClient }: FairQueueOptions): FairQueue<T> {
  const accounts = new Map<string, Account<T>>();
  let size = 0;
  let nowMs = 0;

  function remove({ items }: Account<T>, item: T): void {
    if (items.delete(item)) size -= 1;
  }

  /** Of those who wait; the others are forgotten once they have had no more than these. */
  function leastServed(): [string, Account<T>] | undefined {
    let least: [string, Account<T>] | undefined;
    for (const [client, account] of accounts) {
      if (account.items.size === 0) {
        if (account.servedMs <= nowMs) accounts.delete(client);
      } else if (!least || account.servedMs < least[1].servedMs) least = [client, account];
    }
    return least;
  }

  return {
    get size() {
      return size;
    },
    add: (client, item) => {
      const account = accounts.get(client) ?? { servedMs: nowMs, items: new Set() };
      if (size >= max || account.items.size >= maxOfClient) return false;
      if (account.items.size === 0) account.servedMs = Math.max(account.servedMs, nowMs);
      account.items.add(item);
      accounts.set(client, account);
      size += 1;
      return true;
    },
    delete: (client, item) => {
      const account = accounts.get(client);
      if (account) remove(account, item);
    },
    next: () => {
      const [client, account] = leastServed() ?? [];
      const [item] = account?.items ?? [];
      if (client === undefined || account === undefined || item === undefined) return undefined;
      remove(account, item);
      nowMs = account.servedMs;
      return { client, item };
    },
    charge: (client, ms) => {
      if (size === 0) return accounts.clear(); // nobody has waited meanwhile
      const account = accounts.get(client);
      if (account) account.servedMs += Math.max(ms, MIN_TURN_MS);
    },
  };
}
