/**
 * Items that wait for their turn, by client. The next one is of the client that was given the least while others waited, so
 * neither many nor long turns of one client keep another waiting
 * (start-time fair queueing, https://dl.acm.org/doi/10.1145/248157.248171).
 */
export type FairQueue<T> = {
  readonly size: number;
  /** False where there is no room for it. */
  add(client: string, item: T): boolean;
  delete(client: string, item: T): void;
  next(): { client: string; item: T } | undefined;
  /** How many have their turn before what a client would add now, if all turns take as long. */
  ahead(client: string): number;
  /** What the turn took that the client has had, in milliseconds or in whatever is shared. */
  charge(client: string, amount: number): void;
};

export type FairQueueOptions = {
  /** How many may wait in all, and of one client. */
  max: number;
  maxOfClient: number;
};

/** A turn that is too short to be measured. */
const MIN_AMOUNT = 0.01;

/**
 * Of those who do not wait, so many are remembered. While others keep coming who have had nothing yet, none of them would
 * be forgotten, and each turn takes a look at all of them.
 */
const MAX_REMEMBERED = 1000;

/** What a client has been given, or what those had who were served when it came. */
type Account<T> = { served: number; items: Set<T> };

export function createFairQueue<T>({ max, maxOfClient }: FairQueueOptions): FairQueue<T> {
  const accounts = new Map<string, Account<T>>();
  let size = 0;
  let level = 0;

  function remove({ items }: Account<T>, item: T): void {
    if (items.delete(item)) size -= 1;
  }

  /** Of those who wait; the others are forgotten once they have had no more than these. */
  function leastServed(): [string, Account<T>] | undefined {
    let least: [string, Account<T>] | undefined;
    for (const [client, account] of accounts) {
      if (account.items.size === 0) {
        if (account.served <= level || accounts.size > size + MAX_REMEMBERED) accounts.delete(client);
      } else if (!least || account.served < least[1].served) least = [client, account];
    }
    return least;
  }

  return {
    get size() {
      return size;
    },
    add: (client, item) => {
      const account = accounts.get(client) ?? { served: level, items: new Set() };
      if (size >= max || account.items.size >= maxOfClient) return false;
      if (account.items.size === 0) account.served = Math.max(account.served, level);
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
      level = account.served;
      return { client, item };
    },
    ahead: (client) => {
      const own = accounts.get(client)?.items.size ?? 0;
      return accounts.values().reduce((sum, { items }) => sum + Math.min(items.size, own + 1), 0);
    },
    charge: (client, amount) => {
      if (size === 0) return accounts.clear(); // nobody has waited meanwhile
      const account = accounts.get(client);
      if (account) account.served += Math.max(amount, MIN_AMOUNT);
    },
  };
}
