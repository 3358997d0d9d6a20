import fastify from 'fastify';
import { mercurius } from 'mercurius';
import { type Context, createContext } from './client-certificates.ts';
import { resolvers, typeDefs } from './schema.ts';

declare module 'mercurius' {
  interface MercuriusContext extends Context {}
}

/** Mercurius with its just-in-time compiler, which compiles a query at its first execution. */
const app = fastify();
app.register(mercurius, { schema: typeDefs, resolvers, context: createContext, jit: 1 });
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
