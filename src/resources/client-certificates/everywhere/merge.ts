import { type List, type Placed, sorted } from '../../../relay/list.ts';
import type { Item } from '../list.ts';

/** Puts lists that are sorted into one. */
export type Merge = (
  list: List<Item>,
  parts: readonly Placed<Item>[][],
  inTurn: () => Promise<void>,
) => Promise<Placed<Item>[]>;

export const merge: Merge = async (list, parts) => sorted(list, parts.flat());
