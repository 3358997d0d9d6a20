import { graphql } from '../api/generated/index.ts';

/** Where there are stages, and where AWS does not answer now: one page of one certificate asks everywhere. */
export const DANGLING_PLACES = graphql(`
  query DanglingPlaces {
    everywhere: clientCertificates(first: 1, orderBy: { field: EXPIRATION_DATE }) {
      unavailable {
        ...Unavailability
      }
    }
    accountRegions {
      ...Unavailability
    }
  }
`);
