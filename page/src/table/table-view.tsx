import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { useQuery } from 'urql';
import { graphql } from '../api/generated/index.ts';
import { Problem } from '../api/problem.tsx';
import { hrefTo } from '../shell/route.ts';
import { View } from '../shell/view.tsx';

const CERTIFICATES = graphql(`
  query Certificates($first: Int!) {
    clientCertificates(first: $first) {
      nodes {
        id
        clientCertificateId
        description
        status
        daysUntilExpiration
      }
    }
  }
`);

export function TableView(_: { params: URLSearchParams }) {
  const [{ data, error, fetching }, again] = useQuery({ query: CERTIFICATES, variables: { first: 25 } });
  return (
    <View title="Certificates">
      <Problem
        error={error}
        title="The certificates could not be read"
        isPartial={data !== undefined}
        onRetry={again}
      />
      <Table
        loading={fetching}
        loadingText="Reading the certificates"
        items={data?.clientCertificates.nodes.filter((node) => node !== null) ?? []}
        columnDefinitions={[
          {
            id: 'description',
            header: 'Description',
            cell: ({ id, description }) => (
              <Link href={hrefTo.certificate(id)}>{description ?? '(none)'}</Link>
            ),
          },
          { id: 'id', header: 'Id', cell: ({ clientCertificateId }) => clientCertificateId },
        ]}
      />
    </View>
  );
}
