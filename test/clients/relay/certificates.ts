import { graphql } from 'relay-runtime';

// What relay-compiler compiles. The tests import what it makes of it; this file itself never runs.

graphql`
  query certificatesQuery($first: Int, $after: String, $last: Int, $before: String) {
    ...certificates_list @arguments(first: $first, after: $after, last: $last, before: $before)
  }
`;

graphql`
  fragment certificates_list on Query
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  )
  @refetchable(queryName: "certificatesPageQuery") {
    clientCertificates(first: $first, after: $after, last: $last, before: $before)
      @connection(key: "certificates_clientCertificates") {
      __id
      edges {
        cursor
        node {
          id
          ...certificates_details
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

graphql`
  fragment certificates_details on ClientCertificate @refetchable(queryName: "certificatesDetailsQuery") {
    clientCertificateId
    description
    expirationDate
    status
    tags {
      key
      value
    }
  }
`;

graphql`
  mutation certificatesGenerateMutation($input: GenerateClientCertificateInput!, $connections: [ID!]!) {
    generateClientCertificate(input: $input) {
      __typename
      ... on GenerateClientCertificatePayload {
        clientCertificateEdge @appendEdge(connections: $connections) {
          cursor
          node {
            id
            ...certificates_details
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`;

graphql`
  mutation certificatesDeleteMutation($input: DeleteClientCertificateInput!) {
    deleteClientCertificate(input: $input) {
      __typename
      ... on DeleteClientCertificatePayload {
        deletedClientCertificateId @deleteRecord
      }
      ... on Error {
        code
        message
      }
    }
  }
`;
