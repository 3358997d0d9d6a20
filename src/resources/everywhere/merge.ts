import { type List, type Placed, sorted } from '../../relay/list.ts';

/** Puts lists of several accounts and regions, each of them sorted, into one. */
export type Merge = <T>(
  list: List<T>,
  parts: readonly Placed<T>[][],
  inTurn: () => Promise<void>,
) => Promise<Placed<T>[]>;

export const merge: Merge = async (list, parts) => sorted(list, parts.flat());
