import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/settings/config.ts';
import { composeApollo, composeTheGuild, composeWunderGraph, type Subgraph } from './composers.ts';
import { SCHEMA, start } from './service.ts';
import { SDL } from './subgraphs.ts';

const EXAMPLE = new URL('../../examples/supergraph/supergraph.yaml', import.meta.url);

const ours = (sdl: string): Subgraph => ({ name: 'client-certificates', url: 'http://ours/graphql', sdl });
const other = (name: string, sdl: string): Subgraph => ({ name, url: `http://${name}/graphql`, sdl });

/** It has every field of the types that it shares, because the other fields could not be resolved. */
const CATALOGUE = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { services: ServiceConnection! }
  type ServiceConnection { nodes: [Service!]!  pageInfo: PageInfo! }
  type Service @key(fields: "id") { id: ID!  tags: [Tag!]!  trustStore: [X509Certificate!]! }
  type PageInfo @shareable { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
  type Tag @shareable { key: String!  value: String! }
  scalar DateTime
  type X509Certificate @shareable {
    subject: String!  issuer: String!  serialNumber: String!  notBefore: DateTime!  notAfter: DateTime!
    fingerprintSha1: String!  fingerprintSha256: String!  publicKeyAlgorithm: String!  publicKeyBits: Int!  signatureAlgorithm: String!
  }
`;

test('the supergraph of the compose example is the current one of the service alone', async () => {
  const url = 'http://127.0.0.1:4000/graphql';
  const { supergraph, complaints } = composeTheGuild([{ ...ours(SCHEMA), url }]);
  expect(complaints).toEqual([]);
  await expect(supergraph).toMatchFileSnapshot('../../examples/supergraph/certway-alone.graphql');
});

describe.each([
  ['@apollo/composition', composeApollo],
  ['@theguild/federation-composition', composeTheGuild],
  ['@wundergraph/composition', composeWunderGraph],
])('%s', (_, compose) => {
  const composes = (...subgraphs: Subgraph[]) => {
    const { supergraph, complaints } = compose(subgraphs);
    expect(complaints).toEqual([]);
    expect(supergraph).toContain('type ClientCertificate ');
  };

  test('composes the example', () => {
    const subgraphs = exampleSubgraphs();
    expect(subgraphs.map(({ name }) => name)).toEqual(['client-certificates', 'stages']);
    composes(...subgraphs);
  });

  test('composes with subgraphs that refer to certificates by any key', () => {
    composes(
      ours(SCHEMA),
      other('stages', SDL.stages),
      other('owners', SDL.owners),
      other('inventory', SDL.inventory),
    );
  });

  test('composes with a subgraph that has the same tags, pages and X.509 certificates', () => {
    composes(ours(SCHEMA), other('catalogue', CATALOGUE));
  });

  test('composes with FEDERATION_AUTH_DIRECTIVES=true', async () => {
    const { askedSubgraph } = await start({ FEDERATION_AUTH_DIRECTIVES: 'true' });
    const subgraph = await askedSubgraph();
    expect(subgraph.sdl).toContain('@requiresScopes(');
    composes(subgraph, other('stages', SDL.stages), other('owners', SDL.owners));
  });

  test('composes with another owner of node when NODE_QUERIES=false, and not otherwise', async () => {
    const { askedSubgraph } = await start({ NODE_QUERIES: 'false' });
    composes(await askedSubgraph(), other('nodes', SDL.nodes));
    expect(compose([ours(SCHEMA), other('nodes', SDL.nodes)])).toMatchObject({
      supergraph: '',
      complaints: [expect.stringMatching(/\bnode\b.*"client-certificates"(,| and) "nodes"/s)],
    });
  });
});

test('the example has the address of the service', () => {
  const { HOST, PORT } = parseConfig({});
  expect(exampleSubgraphs()[0]?.url).toBe(`http://${HOST}:${PORT}/graphql`);
});

type SupergraphConfig = { subgraphs: Record<string, { routing_url: string; schema: { file: string } }> };

/** The parts of the example that `rover` reads. */
function exampleSubgraphs(): Subgraph[] {
  const { subgraphs }: SupergraphConfig = parse(readFileSync(EXAMPLE, 'utf8'));
  return Object.entries(subgraphs).map(([name, { routing_url, schema }]) => ({
    name,
    url: routing_url,
    sdl: readFileSync(new URL(schema.file, EXAMPLE), 'utf8'),
  }));
}
