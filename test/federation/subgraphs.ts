import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { onTestFinished } from 'vitest';
import type { Subgraph } from './composers.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The other subgraphs, as they are in this repository. */
export const SDL = {
  stages: read('../../examples/supergraph/stages.graphql'),
  owners: read('owners.graphql'),
  nodes: read('nodes.graphql'),
  inventory: read('inventory.graphql'),
};

type Resolvers = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers'];

async function start(name: keyof typeof SDL, resolvers: NonNullable<Resolvers>): Promise<Subgraph> {
  const server = new ApolloServer({
    schema: buildSubgraphSchema({ typeDefs: parse(SDL[name]), resolvers }),
    logger: SILENT,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  onTestFinished(() => server.stop());
  return { name, url, sdl: SDL[name] };
}

/** Stages with the AWS ids of their certificates. */
export const startStages = (stages: { name: string; clientCertificateId: string | null }[]) =>
  start('stages', {
    Query: { stages: () => stages },
    Stage: {
      clientCertificate: ({ clientCertificateId }: { clientCertificateId: string | null }) =>
        clientCertificateId === null ? null : { clientCertificateId },
    },
  });

/** Teams with the global ids of their certificates. */
export const startOwners = (teams: Record<string, string[]>) => {
  const teamOf = (name: string) => ({ name, clientCertificates: (teams[name] ?? []).map((id) => ({ id })) });
  return start('owners', {
    Query: { team: (_: unknown, { name }: { name: string }) => (name in teams ? teamOf(name) : null) },
    ClientCertificate: {
      owner: ({ id }: { id: string }) => {
        const name = Object.keys(teams).find((team) => teams[team]?.includes(id));
        return name === undefined ? null : teamOf(name);
      },
    },
  });
};

/** What `@key(fields: "arn accountId")` has. */
export type ArnInAccount = { arn: string; accountId: string | null };

/** Backends with the ARNs of the certificates that they trust; it knows the cost centre of every certificate with an account. */
export const startInventory = (backends: { name: string; clientCertificate: ArnInAccount }[]) =>
  start('inventory', {
    Query: { backends: () => backends },
    ClientCertificate: {
      costCentre: ({ arn, accountId }: ArnInAccount) => `${accountId ?? 'none'} ${arn.split('/').at(-1)}`,
    },
  });

/** The owner of `node`: it treats every id as that of a certificate. */
export const startNodes = () =>
  start('nodes', {
    Query: { node: (_: unknown, { id }: { id: string }) => ({ __typename: 'ClientCertificate', id }) },
  });

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
