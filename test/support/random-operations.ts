import fc from 'fast-check';
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import { createDraw, type Draw, literalOf, randomValue } from './random-values.ts';

/** The body of a request. */
export type Sent = { query: string; variables?: Record<string, unknown>; operationName?: string };

/** How an operation is invalid: not at all, in its values, in its names, or by random changes of its text. */
export type Kind = 'right' | 'values' | 'names' | 'text';

const KINDS: readonly Kind[] = ['right', 'right', 'right', 'values', 'names', 'text'];

const MAX_DEPTH = 6;

/**
 * Random operations of the schema, valid and invalid. `words` are the strings that they use for an argument, or for a
 * type, of that name.
 */
export const randomOperations = (
  schema: GraphQLSchema,
  words: Record<string, readonly string[]>,
  { mutationPercent = 30, kinds = KINDS }: { mutationPercent?: number; kinds?: readonly Kind[] } = {},
): fc.Arbitrary<Sent> =>
  fc.gen().map((g) => randomOperation(createDraw(g), schema, words, mutationPercent, kinds));

function randomOperation(
  draw: Draw,
  schema: GraphQLSchema,
  words: Record<string, readonly string[]>,
  mutationPercent: number,
  kinds: readonly Kind[],
): Sent {
  const kind = draw.pick(kinds);
  const wrongValues = kind === 'values' ? 12 : 0;
  const wrongNames = kind === 'names' ? 12 : 0;
  const definitions: string[] = [];
  const declared: string[] = [];
  const variables: Record<string, unknown> = {};
  let count = 0;
  const fresh = (prefix: string) => `${prefix}${++count}`;

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections = Array.from({ length: 1 + draw.upTo(3) }, () => selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    if (draw.chance(wrongNames))
      return draw.pick(['nope', '__schema { __typename }', '...Nope', '{ id }', 'id { id }']);
    const fields = isUnionType(type)
      ? []
      : Object.values(type.getFields()).filter(
          (field) => depth > 1 || !isCompositeType(getNamedType(field.type)),
        );
    const isFragment = isAbstractType(type) ? draw.chance(80) : draw.chance(8);
    if (isFragment && depth > 1) return fragment(type, depth);
    if (fields.length === 0 || draw.chance(5)) return `__typename ${directives()}`;
    return fieldSelection(draw.pick(fields), depth);
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const on = isAbstractType(type) ? draw.pick([...schema.getPossibleTypes(type)]) : type;
    const condition = draw.chance(wrongNames) ? draw.pick(['Query', 'Tag', 'Nope', 'DateTime']) : on.name;
    if (draw.chance(60)) return `... on ${condition} ${directives()} ${selectionSet(on, depth - 1)}`;
    const name = fresh('F');
    definitions.push(`fragment ${name} on ${condition} ${selectionSet(on, depth - 1)}`);
    const spread = `...${name} ${directives()}`;
    return draw.chance(10) ? `${spread} ${spread}` : spread;
  }

  function fieldSelection(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const args = field.args
      .filter((arg) => (isNonNullType(arg.type) ? !draw.chance(wrongNames) : draw.chance(30)))
      .map(({ name, type }) => {
        const value = randomValue(draw, type, words, wrongValues, name);
        return `${draw.chance(wrongNames) ? 'nope' : name}: ${draw.chance(40) ? variable(`${type}`, value) : literalOf(value)}`;
      });
    // Fields of different types may not have one name (https://spec.graphql.org/October2021/#sec-Field-Selection-Merging).
    const alias = isCompositeType(type) || args.length > 0 || draw.chance(10) ? `${fresh('a')}: ` : '';
    const given = args.length > 0 ? `(${args.join(', ')})` : '';
    const inner = isCompositeType(type) ? selectionSet(type, depth - 1) : '';
    return `${alias}${field.name}${given} ${directives()} ${inner}`;
  }

  function variable(type: string, value: unknown): string {
    const name = fresh('v');
    const initial = draw.chance(10) ? ` = ${literalOf(value)}` : '';
    const isNullable = initial !== '' && draw.chance(30); // null is allowed then, and wrong where it is used
    const right = isNullable ? type.replace(/!$/, '') : type;
    if (!draw.chance(wrongNames))
      declared.push(`$${name}: ${draw.chance(wrongNames) ? 'Int' : right}${initial}`);
    if (!draw.chance(initial ? 50 : wrongValues))
      variables[name] = isNullable && draw.chance(50) ? null : value;
    return `$${name}`;
  }

  function directives(): string {
    if (draw.chance(wrongNames))
      return draw.pick(['@nope', '@skip', '@deprecated', '@include(if: 1)', '@key']);
    if (!draw.chance(6)) return '';
    const condition = draw.chance(50) ? variable('Boolean!', draw.chance(50)) : 'true';
    return draw.pick([`@include(if: ${condition})`, `@skip(if: ${condition})`]);
  }

  const word = draw.chance(wrongNames) ? 'subscription' : draw.chance(mutationPercent) ? 'mutation' : 'query';
  const root = (word === 'mutation' ? schema.getMutationType() : schema.getQueryType()) ?? undefined;
  if (!root) throw new Error(`The schema has no ${word}.`);
  const selections = selectionSet(root, 2 + draw.upTo(MAX_DEPTH));
  const name = draw.chance(50) ? fresh('O') : '';
  const list = declared.length > 0 ? `(${declared.join(', ')})` : '';
  const query = [`${word} ${name}${list} ${selections}`, ...definitions].join('\n');
  const operationName = draw.chance(wrongNames) ? 'nope' : name && draw.chance(30) ? name : undefined;
  return {
    query: kind === 'text' ? changed(draw, query) : query,
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(operationName && { operationName }),
  };
}

/** The text with some of its tokens deleted, doubled, swapped or replaced. */
function changed(draw: Draw, text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[\w$]+|\.\.\.|[^\s\w]/g) ?? [];
  for (let changes = 1 + draw.upTo(3); changes > 0; changes -= 1) {
    const at = draw.upTo(tokens.length - 1);
    const token = tokens[at] ?? '';
    const other = tokens[draw.upTo(tokens.length - 1)] ?? '';
    tokens.splice(at, 1, ...draw.pick([[], [token, token], [other], [other, token], [draw.text()]]));
  }
  return tokens.join(' ');
}
