import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { readingOf } from '../api/readings.ts';
import { useDanglingStages } from '../parts/dangling-stages.ts';
import { pageOf } from '../parts/page-state.ts';
import { ReadAgain } from '../parts/read-again.tsx';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { readAt, StaleReading } from '../parts/stale-reading.tsx';
import { UnavailablePlaces } from '../parts/unavailable-places.tsx';
import { goTo, hrefTo } from '../shell/route.ts';
import { View } from '../shell/view.tsx';
import { DANGLING_PLACES } from './dangling-query.ts';
import { DanglingTable } from './dangling-table.tsx';

/** All stages whose certificate does not exist, page by page. Which page is in the address alone. */
export function DanglingView({ params }: { params: URLSearchParams }) {
  const { page, isElsewhere } = pageOf(params);
  const [places, placesAgain] = useQuery({ query: DANGLING_PLACES, requestPolicy: 'cache-and-network' });
  const unavailable = places.data?.everywhere.unavailable ?? [];
  const [{ data, extensions, error, fetching, stale }, again] = useDanglingStages(
    page,
    places.data?.accountRegions,
    unavailable,
  );
  const stages = data?.apiStages;
  const reading = readingOf(extensions, data);
  return (
    <View
      title="Stages whose certificate does not exist"
      counter={stages && `(${stages.totalCount.toLocaleString('en')})`}
      description={readAt(reading)}
      actions={
        <ReadAgain
          isReading={fetching || stale}
          onClick={() => {
            placesAgain({ requestPolicy: 'network-only' });
            again({ requestPolicy: 'network-only' });
          }}
        />
      }
    >
      <SpaceBetween size="l">
        <Problem
          error={places.error}
          title="AWS could not be read"
          isPartial={Boolean(data)}
          onRetry={placesAgain}
        />
        <Problem
          error={error}
          title="The stages could not be checked"
          isPartial={Boolean(data)}
          onRetry={isElsewhere ? () => goTo(hrefTo.danglingStages()) : again}
        />
        <StaleReading reading={reading} />
        <UnavailablePlaces places={unavailable} />
        <DanglingTable
          params={params}
          stages={stages}
          places={places.data?.accountRegions ?? []}
          isReading={places.fetching || fetching}
        />
        {stages && <IncompleteIndex index={stages.index} />}
      </SpaceBetween>
    </View>
  );
}
