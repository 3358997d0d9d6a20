import { graphql } from '../api/generated/index.ts';

/**
 * One operation, so that all certificates are read once for it. There is no `totalCount`, which is an error while an account cannot be read.
 * `everywhere` has a page of one, since what cannot be read costs the more the larger a page is.
 */
export const OVERVIEW = graphql(`
  query Overview($first: Int!) {
    inUse: clientCertificates(
      first: $first
      filter: { status: [EXPIRED, EXPIRING], usage: [IN_USE] }
      orderBy: { field: EXPIRATION_DATE }
    ) {
      ...NeedsAttention
    }
    others: clientCertificates(
      first: $first
      filter: { status: [EXPIRED, EXPIRING], usage: [UNKNOWN, UNUSED] }
      orderBy: { field: EXPIRATION_DATE }
    ) {
      ...NeedsAttention
    }
    everywhere: clientCertificates(first: 1, orderBy: { field: EXPIRATION_DATE }) {
      unavailable {
        ...Unavailability
      }
    }
    accountRegions {
      ...Unavailability
    }
  }

  fragment NeedsAttention on ClientCertificateConnection {
    nodes {
      ...Listed
      replacedBy {
        id
        clientCertificateId
        description
      }
    }
    pageInfo {
      hasNextPage
    }
  }
`);
