import { createOldestFirst, type OldestFirst } from './oldest-first.ts';

/**
 * Items that wait for their turn, by client. The next one is of the client that was given the least while others waited, so
 * neither many nor long turns of one client keep another waiting
 * (start-time fair queueing, https://dl.acm.org/doi/10.1145/248157.248171).
 */
export type FairQueue<T> = {
  readonly size: number;
  /** False if there is no room. */
  add(client: string, item: T): boolean;
  delete(client: string, item: T): void;
  deleteIf(shallNotWait: (item: T) => boolean): void;
  next(): { client: string; item: T } | undefined;
  /** How many items have their turn before one that the client adds now, if all turns cost the same. */
  ahead(client: string): number;
  /** Charges a client for its turn, in milliseconds or whatever is shared. */
  charge(client: string, amount: number): void;
};

export type FairQueueOptions = {
  /** How many items may wait in all, and per client. */
  max: number;
  maxOfClient: number;
};

/** The charge for a turn that is too short to be measured. */
const MIN_AMOUNT = 0.01;

/**
 * How many clients without waiting items are remembered. Each turn looks at all of them, and while new clients keep coming, none
 * would be forgotten otherwise.
 */
const MAX_REMEMBERED = 1000;

/** What a client was given; for a new one, what those had who were served when it came. */
type Account<T> = { served: number; items: OldestFirst<T> };

export function createFairQueue<T>({ max, maxOfClient }: FairQueueOptions): FairQueue<T> {
  const accounts = new Map<string, Account<T>>();
  let size = 0;
  let level = 0;

  function removeIf({ items }: Account<T>, isUnwanted: (item: T) => boolean): void {
    size -= items.size;
    items.removeIf(isUnwanted);
    size += items.size;
  }

  /** The client to serve next. Clients without items are forgotten once they were given no more than the others. */
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
      const account = accounts.get(client) ?? { served: level, items: createOldestFirst() };
      if (size >= max || account.items.size >= maxOfClient) return false;
      if (account.items.size === 0) account.served = Math.max(account.served, level);
      account.items.add(item);
      accounts.set(client, account);
      size += 1;
      return true;
    },
    delete: (client, item) => {
      const account = accounts.get(client);
      if (account) removeIf(account, (other) => other === item);
    },
    deleteIf: (shallNotWait) => {
      for (const account of accounts.values()) removeIf(account, shallNotWait);
    },
    next: () => {
      const [client, account] = leastServed() ?? [];
      const item = account?.items.take();
      if (client === undefined || account === undefined || item === undefined) return undefined;
      size -= 1;
      level = account.served;
      return { client, item };
    },
    ahead: (client) => {
      const own = accounts.get(client)?.items.size ?? 0;
      return accounts.values().reduce((sum, { items }) => sum + Math.min(items.size, own + 1), 0);
    },
    charge: (client, amount) => {
      if (size === 0 && accounts.size > 0) accounts.clear(); // nobody has waited meanwhile
      const account = accounts.get(client);
      if (account) account.served += Math.max(amount, MIN_AMOUNT);
    },
  };
}
