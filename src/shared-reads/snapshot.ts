import { type List, type Placed, sorted } from '../relay/list.ts';

/** A whole collection, as AWS listed it at one moment. */
export type Snapshot<T> = {
  /** In AWS's order. */
  items: Placed<T>[];
  /** Null if there is no such item. A broken item has no id, and stands for any id that is not found. */
  find(id: string): T | null;
  /** The items in the order of a list, which is sorted once. */
  sorted(list: List<T>): Placed<T>[];
};

/** `list` is AWS's own list, of which these are all items. */
export function createSnapshot<T>({ idOf }: List<T>, items: Placed<T>[]): Snapshot<T> {
  const byId = new Map(items.map(({ node }) => [idOf(node), node]));
  const broken = byId.get(undefined) ?? null; // any id that is not found may be its
  const orders = new Map<string, Placed<T>[]>();
  return {
    items,
    find: (id) => byId.get(id) ?? broken,
    sorted: (list) => {
      if (!list.order) return items;
      const inOrder = orders.get(list.order.name) ?? sorted(list, items);
      orders.set(list.order.name, inOrder);
      return inOrder;
    },
  };
}

export const isSnapshot = <T>(answer: Snapshot<T> | object): answer is Snapshot<T> => 'sorted' in answer;
