import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { ExpiryChart } from './expiry-chart.tsx';
import { filterOf, monthsFrom } from './months.ts';
import { EXPIRY_BY_MONTH, MOST, monthsOf } from './months-query.ts';

/** When the certificates expire, month by month. */
export function ExpiryByMonth() {
  const months = useMemo(() => monthsFrom(new Date()), []);
  const filters = Object.fromEntries(months.map((month, i) => [`m${i}`, filterOf(month)]));
  const [{ data, error }, again] = useQuery({
    query: EXPIRY_BY_MONTH,
    requestPolicy: 'cache-and-network',
    variables: { first: MOST, ...filters },
  });
  const bars =
    data &&
    monthsOf(data).flatMap(({ nodes, pageInfo }, i) => {
      const [month] = months.slice(i);
      const used = nodes.filter((node) => node?.usage === 'IN_USE').length;
      return month ? [{ ...month, used, others: nodes.length - used, isMore: pageInfo.hasNextPage }] : [];
    });
  return (
    <Container
      header={
        <Header variant="h2" description="Each bar is a month from today on, and leads to its certificates.">
          Expiry by month
        </Header>
      }
    >
      <Problem
        error={error}
        title="The certificates could not be read"
        isPartial={Boolean(data)}
        onRetry={again}
      />
      {bars && <ExpiryChart bars={bars} />}
      {!data && !error && (
        <Box textAlign="center">
          <Spinner /> Counting
        </Box>
      )}
    </Container>
  );
}
