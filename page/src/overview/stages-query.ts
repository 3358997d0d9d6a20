import { useQuery } from 'urql';
import type { ApiStageFilter } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import type { Place } from '../parts/unavailable-places.tsx';

const DANGLING_STAGES = graphql(`
  query DanglingStages($first: Int!, $filter: ApiStageFilter) {
    apiStages(first: $first, filter: $filter) {
      nodes {
        ...StageName
        certificateReference
      }
      pageInfo {
        hasNextPage
      }
      index {
        ...ReadSoFar
      }
    }
  }
`);

/** Of each certificate it has to be known whether it exists, so what cannot be read is left out, lest it is an error. */
export const useDanglingStages = (
  first: number,
  places: readonly Place[] | undefined,
  unavailable: readonly Place[],
) =>
  useQuery({
    query: DANGLING_STAGES,
    variables: { first, filter: { danglingReference: true, ...readable(places ?? [], unavailable) } },
    requestPolicy: 'cache-and-network',
    pause: !places,
  });

/** By accounts if there are several: a whole account is left out if one of its regions cannot be read. */
function readable(places: readonly Place[], unavailable: readonly Place[]): ApiStageFilter {
  if (unavailable.length === 0) return {};
  const part = places.some(({ account }) => account !== null) ? 'account' : 'region';
  const missing = new Set(unavailable.map((place) => place[part]));
  const present = places.map((place) => place[part]).filter((name) => name !== null && !missing.has(name));
  const names = Array.from(new Set(present)).filter((name) => name !== null);
  return names.length === 0 ? {} : { [`${part}s`]: names };
}
