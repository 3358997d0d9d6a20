import { Client, fetchExchange, gql, type TypedDocumentNode } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import type { List, ListVariables, Update, UpdateVariables } from './operations.ts';
import * as operations from './operations.ts';
import { expectAll, serve } from './support.ts';

const LIST: TypedDocumentNode<List, ListVariables> = gql(operations.LIST);
const UPDATE: TypedDocumentNode<Update, UpdateVariables> = gql(operations.UPDATE);

type Certificate = {
  id: string;
  clientCertificateId: string;
  tags: { key: string; value: string }[];
  x509: { serialNumber: string };
};

const CERTIFICATE: TypedDocumentNode<{ node: Certificate | null }, { id: string }> = gql`
  query Certificate($id: ID!) {
    node(id: $id) {
      id
      ... on ClientCertificate {
        clientCertificateId
        tags {
          key
          value
        }
        x509 {
          serialNumber
        }
      }
    }
  }
`;

/** A client that knows the schema from the service's introspection. */
async function serveUrql() {
  const service = await serve();
  const introspection = await service.query(getIntrospectionQuery());
  const complaints: string[] = [];
  const client = new Client({
    url: service.endpoint,
    fetch: service.fetch,
    exchanges: [
      cacheExchange({
        schema: introspection.data,
        keys: { Tag: () => null, X509Certificate: () => null },
        resolvers: { Query: { clientCertificates: relayPagination() } },
        logger: (severity, message) => {
          if (severity !== 'debug') complaints.push(message);
        },
      }),
      fetchExchange,
    ],
  });
  /** The list as a page shows it: with relayPagination, everything that was fetched so far. */
  const list = async (variables: ListVariables) => {
    const { data, error } = await client.query(LIST, variables).toPromise();
    if (!data) throw error;
    const { edges, pageInfo } = data.clientCertificates;
    const nodes = edges.flatMap(({ node }) => node ?? []);
    return { nodes, ids: nodes.map(({ id }) => id), pageInfo };
  };
  return { ...service, client, list, complaints };
}

test('relayPagination walks forward', async () => {
  const { list, requests, complaints } = await serveUrql();
  let shown = await list({ first: 25 });
  while (shown.pageInfo.hasNextPage) shown = await list({ first: 25, after: shown.pageInfo.endCursor });
  expectAll(shown.ids);
  expect(requests).toHaveLength(5);
  expect(complaints).toEqual([]);
});

test('relayPagination walks backward', async () => {
  const { list, page, requests } = await serveUrql();
  let shown = await list({ last: 50 });
  while (shown.pageInfo.hasPreviousPage) shown = await list({ last: 50, before: shown.pageInfo.startCursor });
  expectAll(shown.ids);
  expect(shown.ids).toEqual((await page('first: 500')).ids);
  expect(requests).toHaveLength(3);
});

test('after an update the list shows the change, without another fetch', async () => {
  const { client, list, requests } = await serveUrql();
  const { ids } = await list({ first: 120 });
  const id = ids[70] ?? '';
  await client.mutation(UPDATE, { id, description: 'new' }).toPromise();
  const { nodes } = await list({ first: 120 });
  expect(nodes.filter(({ description }) => description !== null)).toMatchObject([{ id, description: 'new' }]);
  expect(requests).toHaveLength(2);
});

test('a refused update is returned as data', async () => {
  const { client, complaints } = await serveUrql();
  const { data, error } = await client.mutation(UPDATE, { id: 'none', description: 'new' }).toPromise();
  expect(error).toBeUndefined();
  expect(data).toEqual({ updateClientCertificate: { __typename: 'NotFoundError', code: 'NOT_FOUND' } });
  expect(complaints).toEqual([]);
});

test('a certificate is found through node, with GET as well as with POST', async () => {
  const { client, query, page, complaints, requests } = await serveUrql();
  const { ids } = await page('first: 2');
  const tags = [{ key: 'team', value: 'a' }];
  for (const id of ids)
    await query(
      `mutation { tagClientCertificate(input: { id: "${id}", tags: { key: "team", value: "a" } }) { __typename } }`,
    );
  for (const [index, preferGetMethod] of [true, false].entries()) {
    const { data } = await client
      .query(CERTIFICATE, { id: ids[index] ?? '' }, { preferGetMethod })
      .toPromise();
    expect(data?.node).toMatchObject({
      clientCertificateId: `c00${index}`,
      tags,
      x509: { serialNumber: expect.stringMatching(/^[0-9A-F]+$/) },
    });
  }
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  expect(complaints).toEqual([]);
});
