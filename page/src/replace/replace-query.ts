import { graphql } from '../api/generated/index.ts';

/**
 * All that is known about a replacement: it is kept nowhere but in AWS. The stages of both are as many as one mutation
 * may change.
 */
export const REPLACEMENT = graphql(`
  query Replacement($id: ID!) {
    clientCertificate(id: $id) {
      ...Replaced
      replacedBy {
        ...Replaced
      }
    }
  }

  fragment Replaced on ClientCertificate {
    id
    clientCertificateId
    description
    account
    region
    status
    daysUntilExpiration
    expirationDate
    x509 {
      fingerprintSha256
    }
    stages(first: 300) {
      nodes {
        ...StageName
        api {
          protocol
        }
      }
      totalCount
      index {
        ...ReadSoFar
      }
    }
  }
`);

export const TEST = graphql(`
  mutation Test($input: TestClientCertificateInput!) {
    testClientCertificate(input: $input) {
      __typename
      ... on TestClientCertificatePayload {
        status
        latencyMs
        accepted
        log
      }
      ...Refused
    }
  }
`);

export const MOVE = graphql(`
  mutation Move($input: ReplaceClientCertificateInput!) {
    replaceClientCertificate(input: $input) {
      __typename
      ... on ReplaceClientCertificatePayload {
        outcomes {
          status
          error {
            code
            message
          }
          stage {
            id
          }
        }
      }
      ...Refused
    }
  }
`);
