import { useQuery } from 'urql';
import type {
  ApiStageFilter,
  DanglingStagesQuery,
  DanglingStagesQueryVariables,
} from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import type { Place } from './unavailable-places.tsx';

const DANGLING_STAGES = graphql(`
  query DanglingStages($first: Int, $after: String, $last: Int, $before: String, $filter: ApiStageFilter) {
    apiStages(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      totalCount
      nodes {
        ...StageName
        accountId
        certificateReference
        lastUpdatedDate
      }
      pageInfo {
        ...Neighbours
      }
      index {
        ...ReadSoFar
      }
    }
  }
`);

/** A stage that names a certificate which does not exist. */
export type DanglingStage = DanglingStagesQuery['apiStages']['nodes'][number];

/**
 * Stages whose certificate does not exist any more. Of each certificate it has to be known whether it exists, so what cannot be read is
 * left out: it would make the answer an error. Nothing is asked while the places are not known.
 */
export const useDanglingStages = (
  page: Omit<DanglingStagesQueryVariables, 'filter'>,
  places: readonly Place[] | undefined,
  unavailable: readonly Place[],
) =>
  useQuery({
    query: DANGLING_STAGES,
    variables: { ...page, filter: { danglingReference: true, ...readable(places ?? [], unavailable) } },
    requestPolicy: 'cache-and-network',
    pause: !places,
  });

/** By accounts or by regions, whichever leaves more places: a filter cannot leave out one region of one account alone. */
function readable(places: readonly Place[], unavailable: readonly Place[]): ApiStageFilter {
  if (unavailable.length === 0) return {};
  const namesLeft = (part: 'account' | 'region'): string[] => {
    const missing = new Set(unavailable.map((place) => place[part]));
    const names = places.map((place) => place[part]).filter((name) => name !== null);
    return names.filter((name) => !missing.has(name));
  };
  const [accounts, regions] = [namesLeft('account'), namesLeft('region')];
  if (accounts.length + regions.length === 0) return {};
  return accounts.length < regions.length
    ? { regions: Array.from(new Set(regions)) }
    : { accounts: Array.from(new Set(accounts)) };
}
