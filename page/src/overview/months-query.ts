import type { ExpiryByMonthQuery } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';

/** As many of a month as one page can have. They are counted here, as `totalCount` is an error while an account cannot be read. */
export const MOST = 500;

/** All twelve months in one operation, so that all certificates are read once for it. */
export const EXPIRY_BY_MONTH = graphql(`
  query ExpiryByMonth(
    $first: Int!
    $m0: ClientCertificateFilter
    $m1: ClientCertificateFilter
    $m2: ClientCertificateFilter
    $m3: ClientCertificateFilter
    $m4: ClientCertificateFilter
    $m5: ClientCertificateFilter
    $m6: ClientCertificateFilter
    $m7: ClientCertificateFilter
    $m8: ClientCertificateFilter
    $m9: ClientCertificateFilter
    $m10: ClientCertificateFilter
    $m11: ClientCertificateFilter
  ) {
    m0: clientCertificates(first: $first, filter: $m0) {
      ...Expiring
    }
    m1: clientCertificates(first: $first, filter: $m1) {
      ...Expiring
    }
    m2: clientCertificates(first: $first, filter: $m2) {
      ...Expiring
    }
    m3: clientCertificates(first: $first, filter: $m3) {
      ...Expiring
    }
    m4: clientCertificates(first: $first, filter: $m4) {
      ...Expiring
    }
    m5: clientCertificates(first: $first, filter: $m5) {
      ...Expiring
    }
    m6: clientCertificates(first: $first, filter: $m6) {
      ...Expiring
    }
    m7: clientCertificates(first: $first, filter: $m7) {
      ...Expiring
    }
    m8: clientCertificates(first: $first, filter: $m8) {
      ...Expiring
    }
    m9: clientCertificates(first: $first, filter: $m9) {
      ...Expiring
    }
    m10: clientCertificates(first: $first, filter: $m10) {
      ...Expiring
    }
    m11: clientCertificates(first: $first, filter: $m11) {
      ...Expiring
    }
  }

  fragment Expiring on ClientCertificateConnection {
    nodes {
      usage
    }
    pageInfo {
      hasNextPage
    }
  }
`);

type Connection = ExpiryByMonthQuery['m0'];

/** The months of an answer, the first one first. */
export const monthsOf = (data: ExpiryByMonthQuery): Connection[] => [
  data.m0,
  data.m1,
  data.m2,
  data.m3,
  data.m4,
  data.m5,
  data.m6,
  data.m7,
  data.m8,
  data.m9,
  data.m10,
  data.m11,
];
