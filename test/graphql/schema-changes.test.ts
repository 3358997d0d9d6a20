import { expect, test } from 'vitest';
import { schemaChanges } from './schema-changes.ts';

const BEFORE = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost"])
type Query { colour: Colour, size(unit: String): Int @cost(weight: 5), old: Int @deprecated }
type Product @key(fields: "id") @shareable { id: ID! }
enum Colour { RED }
`;

const changesOf = (from: string, to: string) => {
  expect(BEFORE).toContain(from);
  return schemaChanges(BEFORE, BEFORE.replace(from, to));
};

test.each([
  ['size(unit: String): Int @cost(weight: 5), ', '', "Query.size: Field 'size' was removed"],
  ['size(', 'size(scale: Int!, ', "Argument 'scale: Int!' added"],
  ['(unit: String)', '', "Argument 'unit: String' was removed"],
  ['old: Int @deprecated', '', "Field 'old' (deprecated) was removed"],
  ['id: ID!', 'id: ID', "changed type from 'ID!' to 'ID'"],
  ['@key(fields: "id") ', '', "Directive 'key' was removed from object 'Product'"],
  ['"id"', '"no"', "Product.@key.fields: Argument 'fields' was removed"],
  ['@shareable ', '', "Directive 'shareable' was removed"],
])('"%s" as "%s" is breaking', async (from, to, change) => {
  const { breaking } = await changesOf(from, to);
  expect(breaking).toEqual([expect.stringContaining(change)]);
});

test.each([
  ['RED', 'RED GREEN', "Colour.GREEN: Enum value 'GREEN' was added to enum 'Colour'"],
  ['size(', 'size(scale: Int, ', "Argument 'scale: Int' added"],
  [' @cost(weight: 5)', '', "Directive 'cost' was removed from field 'Query.size'"],
])('"%s" as "%s" is dangerous', async (from, to, change) => {
  const { breaking, dangerous } = await changesOf(from, to);
  expect({ breaking, dangerous }).toEqual({ breaking: [], dangerous: [expect.stringContaining(change)] });
});

test.each([
  ['id: ID!', 'id: ID! name: String'],
  ['colour: Colour', 'colour: Colour!'],
  ['enum Colour', '"What it looks like." enum Colour'],
  ['old: Int @deprecated', 'old: Int'],
])('"%s" as "%s" is neither', async (from, to) => {
  expect(await changesOf(from, to)).toEqual({ breaking: [], dangerous: [] });
});
