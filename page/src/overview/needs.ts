import type { OverviewQuery } from '../api/generated/graphql.ts';
import type { Attention } from './attention-list.tsx';

/** What a person has to look at, the most urgent first in each list. */
export function needsOf({ inUse, others, apiStages, everywhere }: OverviewQuery) {
  const used = present(inUse.nodes);
  const rest = present(others.nodes);
  const dangling = apiStages.nodes;
  const unavailable = everywhere.unavailable;
  return {
    used,
    others: rest,
    dangling,
    unavailable,
    isAllClear: used.length + rest.length + dangling.length + unavailable.length === 0,
    isMore: {
      used: inUse.pageInfo.hasNextPage,
      others: others.pageInfo.hasNextPage,
      dangling: apiStages.pageInfo.hasNextPage,
    },
  };
}

/** A broken certificate has an error, which is shown, and no node. */
const present = (nodes: readonly (Attention | null)[]) => nodes.filter((node) => node !== null);
