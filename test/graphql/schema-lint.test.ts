import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { clientSchemaOf, eslintComplaints, schemaLinterComplaints } from './schema-lint.ts';

const sdl = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
const schema = clientSchemaOf(sdl);

const changed = (from: string, to: string): string => {
  expect(schema).toContain(from);
  return schema.replaceAll(from, to);
};

test("graphql-eslint finds that schema.graphql keeps Relay's rules", async () => {
  expect(await eslintComplaints(schema)).toEqual([]);
});

test("graphql-schema-linter finds that schema.graphql keeps Relay's rules", () => {
  expect(schemaLinterComplaints(schema)).toEqual([]);
});

test.each([
  ['last: Int', 'lost: Int', 'Field `clientCertificates` must contain an argument `last`, that return Int.'],
  ['cursor: String!', 'cursor: [String]', 'Field `cursor` must return either a String'],
  ['type ClientCertificate implements Node ', 'type ClientCertificate ', 'must implement `Node` interface'],
  ['endCursor: String', 'endCursor: String!', 'Field `endCursor` must return either String or Scalar'],
  ['ClientCertificateEdge', 'ClientCertificateRow', 'Edge type must have "Edge" suffix.'],
])('graphql-eslint refuses "%s" as "%s"', async (from, to, complaint) => {
  expect(await eslintComplaints(changed(from, to))).toContainEqual(expect.stringContaining(complaint));
});

test.each([
  ['last: Int', 'last: String', 'must include a `last` argument that takes a nullable non-negative integer'],
  ['pageInfo: PageInfo!', 'pageInfo: PageInfo', 'field must return a non-null `PageInfo` object'],
  ['hasNextPage: Boolean!', 'hasNextPage: Boolean', 'a `hasNextPage` field that returns a non-null Boolean'],
])('graphql-schema-linter refuses "%s" as "%s"', (from, to, complaint) => {
  expect(schemaLinterComplaints(changed(from, to))).toContainEqual(expect.stringContaining(complaint));
});
