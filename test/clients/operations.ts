/** A page of certificates, for clients that have their own cache of pages. */
export const LIST = `
  query List($first: Int, $after: String, $last: Int, $before: String) {
    clientCertificates(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id description } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

export type ListVariables = { first?: number; after?: string; last?: number; before?: string };
export type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string;
  endCursor: string;
};
export type List = {
  clientCertificates: {
    edges: { node: { id: string; description: string | null } | null }[];
    pageInfo: PageInfo;
  };
};

/** Changes a description, or returns the reason why not. */
export const UPDATE = `
  mutation Update($id: ID!, $description: String!) {
    updateClientCertificate(input: { id: $id, description: $description }) {
      __typename
      ... on UpdateClientCertificatePayload { clientCertificate { id description } }
      ... on Error { code }
    }
  }
`;

export type UpdateVariables = { id: string; description: string };
export type Update = { updateClientCertificate: { __typename: string; code?: string } };
