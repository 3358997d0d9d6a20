import { createServer } from 'node:http';
import { ApolloGateway, type IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime, type GatewayConfigBase } from '@graphql-hive/gateway-runtime';
import { onTestFinished } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import type { Answer } from '../support/service.ts';

/** Starts a gateway that passes `authorization` on to the subgraphs; returns a function that queries it. */
export type Gateway = (supergraph: string) => Promise<Ask>;

export type Ask = (query: string, authorization?: string) => Promise<Answer>;

export async function hive(
  supergraph: string,
  options: Pick<GatewayConfigBase<Record<string, unknown>>, 'genericAuth' | 'demandControl'> = {},
): Promise<Ask> {
  const gateway = createGatewayRuntime({
    ...options,
    supergraph,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? '' }),
    },
  });
  const server = createServer(gateway);
  onTestFinished(async () => {
    await stop(server);
    await gateway[Symbol.asyncDispose]();
  });
  return asker(`${await listen(server)}/graphql`);
}

type ApolloContext = { authorization?: string | undefined };

/** It may also compose the supergraph itself, from the schemas of the subgraphs. */
export async function apollo(supergraph: string | IntrospectAndCompose): Promise<Ask> {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    logger: SILENT,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<ApolloContext>({
        url,
        willSendRequest({ request, context: { authorization } }) {
          if (authorization) request.http?.headers.set('authorization', authorization);
        },
      }),
  });
  const server = new ApolloServer<ApolloContext>({
    gateway,
    logger: SILENT,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
  });
  onTestFinished(() => server.stop());
  return asker(url);
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const asker =
  (url: string): Ask =>
  async (query, authorization) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
