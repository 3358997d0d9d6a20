import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { readingOf } from '../api/readings.ts';
import { useViewer } from '../api/viewer.tsx';
import { pageOf } from '../parts/page-state.ts';
import { ReadAgain } from '../parts/read-again.tsx';
import { readAt, StaleReading } from '../parts/stale-reading.tsx';
import { UnavailablePlaces } from '../parts/unavailable-places.tsx';
import { goTo, hrefTo } from '../shell/route.ts';
import { View } from '../shell/view.tsx';
import { CERTIFICATE_COUNT, CERTIFICATES } from './certificates-query.ts';
import { CertificatesTable } from './certificates-table.tsx';
import { hrefWith, variablesOf } from './table-state.ts';

/** All certificates, or those of a filter. What is shown is in the address alone. */
export function TableView({ params }: { params: URLSearchParams }) {
  const { disabledWithout } = useViewer();
  const variables = variablesOf(params);
  const [{ data, extensions, error, fetching, stale }, again] = useQuery({
    query: CERTIFICATES,
    variables,
    requestPolicy: 'cache-and-network',
  });
  const [{ data: counted }, countAgain] = useQuery({
    query: CERTIFICATE_COUNT,
    variables: { filter: variables.filter },
    requestPolicy: 'cache-and-network',
  });
  const unavailable = data?.everywhere.unavailable ?? [];
  const total = unavailable.length > 0 ? undefined : counted?.clientCertificates.totalCount;
  const reading = readingOf(extensions, data);
  return (
    <View
      title="All certificates"
      counter={total === undefined ? undefined : `(${total.toLocaleString('en')})`}
      description={readAt(reading)}
      takes={['client-certificates:write']}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ReadAgain
            isReading={fetching || stale}
            onClick={() => {
              again({ requestPolicy: 'network-only' });
              countAgain({ requestPolicy: 'network-only' });
            }}
          />
          <Button
            variant="primary"
            href={hrefTo.generate()}
            {...disabledWithout('client-certificates:write')}
          >
            Generate
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <Problem
          error={error}
          title="The certificates could not be read"
          isPartial={Boolean(data)}
          onRetry={pageOf(params).isElsewhere ? () => goTo(hrefWith(params, {})) : again}
        />
        <StaleReading reading={reading} />
        <UnavailablePlaces places={unavailable} />
        <CertificatesTable
          params={params}
          page={data?.clientCertificates}
          isReading={fetching}
          total={total}
        />
      </SpaceBetween>
    </View>
  );
}
