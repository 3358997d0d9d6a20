import Container from '@cloudscape-design/components/container';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { readingOf } from '../api/readings.ts';
import { ReadAgain } from '../parts/read-again.tsx';
import { readAt, StaleReading } from '../parts/stale-reading.tsx';
import { View } from '../shell/view.tsx';
import { ExpiryByMonth } from './expiry-by-month.tsx';
import { MOST, NeedsList } from './needs-list.tsx';
import { OVERVIEW } from './overview-query.ts';

/** What a person has to do something about, and when the next certificates expire. */
export function OverviewView() {
  const [{ data, extensions, error, fetching, stale }, again] = useQuery({
    query: OVERVIEW,
    variables: { first: MOST },
    requestPolicy: 'cache-and-network',
  });
  const reading = readingOf(extensions, data);
  return (
    <View
      title="What needs me"
      description={readAt(reading)}
      actions={
        <ReadAgain isReading={fetching || stale} onClick={() => again({ requestPolicy: 'network-only' })} />
      }
    >
      <SpaceBetween size="l">
        <Problem error={error} title="AWS could not be read" isPartial={Boolean(data)} onRetry={again} />
        <StaleReading reading={reading} />
        {data ? (
          <NeedsList data={data} reading={reading} isWhole={!error && !fetching} />
        ) : (
          !error && <Reading />
        )}
        <ExpiryByMonth />
      </SpaceBetween>
    </View>
  );
}

const Reading = () => (
  <Container>
    <div role="status" aria-label="Reading the certificates">
      <Skeleton variant="text-body-m" />
      <Skeleton variant="text-body-m" />
      <Skeleton variant="text-body-m" />
    </div>
  </Container>
);
