import type { CertificatesQuery } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';

export const CERTIFICATES = graphql(`
  query Certificates(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: ClientCertificateFilter
    $orderBy: ClientCertificateOrder
  ) {
    clientCertificates(
      first: $first
      after: $after
      last: $last
      before: $before
      filter: $filter
      orderBy: $orderBy
    ) {
      nodes {
        ...Listed
        createdDate
        accountId
        tags {
          key
          value
        }
      }
      pageInfo {
        ...Neighbours
      }
    }
    everywhere: clientCertificates(first: 1, filter: $filter, orderBy: $orderBy) {
      unavailable {
        ...Unavailability
      }
    }
  }
`);

/** Alone, because it is an error while an account cannot be read; the certificates are read once for both. */
export const CERTIFICATE_COUNT = graphql(`
  query CertificateCount($filter: ClientCertificateFilter) {
    clientCertificates(first: 0, filter: $filter) {
      totalCount
    }
  }
`);

/** What can be chosen from. AWS is not asked for it. */
export const PLACES = graphql(`
  query Places {
    accountRegions {
      account
      region
    }
  }
`);

/** A certificate as the table has it. */
export type Row = NonNullable<CertificatesQuery['clientCertificates']['nodes'][number]>;
