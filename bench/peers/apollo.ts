import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type Context, createContext } from './client-certificates.ts';
import { resolvers, typeDefs } from './schema.ts';

/** Apollo Server, standalone, as at the beginning of its guide. */
await startStandaloneServer(new ApolloServer<Context>({ typeDefs, resolvers }), {
  context: async () => createContext(),
  listen: { port: Number(process.env['PORT']), host: '127.0.0.1' },
});
