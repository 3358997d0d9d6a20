import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from 'urql';
import type { OverviewQuery } from '../api/generated/graphql.ts';
import { Problem } from '../api/problem.tsx';
import { isStale, readingTimeOf } from '../api/reading-time.ts';
import { timeOfDay } from '../parts/dates.ts';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { UnavailablePlaces } from '../parts/unavailable-places.tsx';
import { hrefTo } from '../shell/route.ts';
import { View } from '../shell/view.tsx';
import { AttentionList } from './attention-list.tsx';
import { DanglingStages } from './dangling-stages.tsx';
import { ExpiryByMonth } from './expiry-by-month.tsx';
import { needsOf } from './needs.ts';
import { OVERVIEW } from './overview-query.ts';

/** More than that need a table. */
const MOST = 50;

/** What a person has to do something about, and when the next certificates expire. */
export function OverviewView() {
  const [{ data, error, fetching, stale }, again] = useQuery({
    query: OVERVIEW,
    variables: { first: MOST },
    requestPolicy: 'cache-and-network',
  });
  const read = data && readingTimeOf('Overview');
  return (
    <View
      title="What needs me"
      description={read && `Read at ${timeOfDay(read)}`}
      actions={
        <Button
          iconName="refresh"
          ariaLabel="Read again"
          loading={fetching || stale}
          onClick={() => again({ requestPolicy: 'network-only' })}
        />
      }
    >
      <SpaceBetween size="l">
        <Problem error={error} title="AWS could not be read" isPartial={data !== undefined} onRetry={again} />
        {data ? <Needs data={data} read={read} /> : !error && <Reading />}
        <ExpiryByMonth />
      </SpaceBetween>
    </View>
  );
}

function Needs({ data, read }: { data: OverviewQuery; read: Date | undefined }) {
  const { used, others, dangling, unavailable, isAllClear, isMore } = needsOf(data);
  return (
    <SpaceBetween size="l">
      {read && isStale(read, new Date()) && (
        <Alert type="warning" header="AWS does not answer now">
          This is what it said at {timeOfDay(read)}.
        </Alert>
      )}
      <UnavailablePlaces places={unavailable} />
      {isAllClear && (
        <Alert type="success" header="All clear">
          No certificate has expired or expires soon, and every stage has the certificate that it names
          {read && `, at ${timeOfDay(read)}`}.
        </Alert>
      )}
      {used.length > 0 && (
        <Container
          header={
            <Header
              variant="h2"
              counter={`(${used.length}${isMore.used ? '+' : ''})`}
              description="Backends that check them refuse API Gateway from then on."
            >
              In use, and expired or about to
            </Header>
          }
          footer={isMore.used && <More usage="IN_USE" />}
        >
          <AttentionList label="In use, and expired or about to" certificates={used} />
        </Container>
      )}
      {dangling.length > 0 && (
        <Container
          header={
            <Header
              variant="h2"
              counter={`(${dangling.length}${isMore.dangling ? '+' : ''})`}
              description="They present no certificate to their backends."
            >
              Stages whose certificate does not exist
            </Header>
          }
        >
          <DanglingStages stages={dangling} />
        </Container>
      )}
      {others.length > 0 && (
        <Container
          header={
            <Header
              variant="h2"
              counter={`(${others.length}${isMore.others ? '+' : ''})`}
              description="No stage is known to use them."
            >
              Expired or about to, and not used
            </Header>
          }
          footer={isMore.others && <More usage="UNKNOWN,UNUSED" />}
        >
          <AttentionList label="Expired or about to, and not used" certificates={others} />
        </Container>
      )}
      <IncompleteIndex index={data.apiStages.index} />
    </SpaceBetween>
  );
}

const More = ({ usage }: { usage: string }) => (
  <Link href={hrefTo.certificates({ status: 'EXPIRED,EXPIRING', usage })}>All of them</Link>
);

const Reading = () => (
  <Container>
    <div role="status" aria-label="Reading the certificates">
      <Skeleton variant="text-body-m" />
      <Skeleton variant="text-body-m" />
      <Skeleton variant="text-body-m" />
    </div>
  </Container>
);
