import { GraphQLDateTimeISO } from 'graphql-scalars';
import {
  type ClientCertificate,
  type Context,
  daysUntilExpiration,
  generate,
  globalIdOf,
  list,
  type PageArguments,
  statusOf,
} from './client-certificates.ts';

/** The schema for peers that take it as SDL and a map of resolvers. */
export const typeDefs = /* GraphQL */ `
  scalar DateTime

  enum ClientCertificateStatus { VALID EXPIRING EXPIRED }

  type Tag { key: String! value: String! }

  type ClientCertificate {
    id: ID!
    clientCertificateId: String!
    arn: String!
    description: String
    createdDate: DateTime!
    expirationDate: DateTime!
    status: ClientCertificateStatus!
    daysUntilExpiration: Int!
    pemEncodedCertificate: String!
    tags: [Tag!]!
  }

  type ClientCertificateEdge { cursor: String! node: ClientCertificate }

  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

  type ClientCertificateConnection { edges: [ClientCertificateEdge!]! pageInfo: PageInfo! }

  type Query {
    clientCertificate(id: ID!): ClientCertificate
    clientCertificates(first: Int, after: String): ClientCertificateConnection!
  }

  input GenerateClientCertificateInput { description: String }

  type GenerateClientCertificatePayload { clientCertificate: ClientCertificate! }

  type Mutation {
    generateClientCertificate(input: GenerateClientCertificateInput!): GenerateClientCertificatePayload!
  }
`;

export const resolvers = {
  DateTime: GraphQLDateTimeISO,
  ClientCertificate: {
    id: globalIdOf,
    status: statusOf,
    daysUntilExpiration,
  },
  Query: {
    clientCertificate: (_: unknown, { id }: { id: string }, { loader }: Context) => loader.load(id),
    clientCertificates: (_: unknown, args: PageArguments) => list(args),
  },
  Mutation: {
    generateClientCertificate: async (
      _: unknown,
      { input }: { input: { description?: string | null } },
    ): Promise<{ clientCertificate: ClientCertificate }> => ({
      clientCertificate: await generate(input.description),
    }),
  },
};
