import { graphql } from '../api/generated/index.ts';

/** Where a certificate can be generated, and which one it is to replace. */
export const WHERE_TO_GENERATE = graphql(`
  query WhereToGenerate($replaces: ID!, $isToReplace: Boolean!) {
    accountRegions {
      account
      accountId
      region
    }
    clientCertificate(id: $replaces) @include(if: $isToReplace) {
      id
      clientCertificateId
      description
      account
      region
      tags {
        key
        value
      }
    }
  }
`);

export const GENERATE = graphql(`
  mutation Generate($input: GenerateClientCertificateInput!) {
    generateClientCertificate(input: $input) {
      __typename
      ... on GenerateClientCertificatePayload {
        generated
        clientCertificate {
          id
          clientCertificateId
          description
        }
      }
      ...Refused
    }
  }
`);
