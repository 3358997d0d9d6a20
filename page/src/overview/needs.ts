import type { OverviewQuery } from '../api/generated/graphql.ts';
import type { Attention } from './attention-list.tsx';

/** The certificates that a person has to look at, the most urgent first in each list. */
export const needsOf = ({ inUse, others, everywhere }: OverviewQuery) => ({
  used: present(inUse.nodes),
  isMoreUsed: inUse.pageInfo.hasNextPage,
  others: present(others.nodes),
  isMoreOthers: others.pageInfo.hasNextPage,
  unavailable: everywhere.unavailable,
});

/** A broken certificate has an error, which is shown, and no node. */
const present = (nodes: readonly (Attention | null)[]) => nodes.filter((node) => node !== null);
