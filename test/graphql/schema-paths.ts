import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  type OperationTypeNode,
} from 'graphql';

/** One way through the schema, from an operation's root to a leaf. */
export type SchemaPath = {
  /** `Query.node.ClientCertificate.x509.subject` */
  name: string;
  operation: 'query' | 'mutation';
  /** The types that it goes through. */
  types: string[];
  /** The field of the root that selects this leaf alone, with the required arguments; every ID in it is `id`. */
  fieldWith(id: string): string;
};

/** Every way from Query and Mutation to a leaf that comes through no type twice. */
export function schemaPaths(schema: GraphQLSchema): SchemaPath[] {
  return (['query', 'mutation'] as const).flatMap((operation) => {
    const root = schema.getRootType(operation as OperationTypeNode);
    if (!root) return [];
    return ways(schema, root, []).map(({ names, selection, types }) => ({
      name: [root.name, ...names].join('.'),
      operation,
      types,
      fieldWith: (id: string) => selection.slice(2, -2).replaceAll(ID, id),
    }));
  });
}

type Way = { names: string[]; selection: string; types: string[] };

const ID = '<id>';

function ways(schema: GraphQLSchema, type: GraphQLNamedOutputType, above: string[]): Way[] {
  if (isLeafType(type)) return [{ names: [], selection: '', types: above }];
  if (above.includes(type.name)) return [];
  const types = [...above, type.name];
  const own = isUnionType(type) ? [] : Object.values(type.getFields());
  const fields = own.flatMap((field) => {
    const args = argumentsOf(field.args.filter(isRequiredArgument), '(', ')');
    return ways(schema, getNamedType(field.type), types).map((way) => ({
      ...way,
      names: [field.name, ...way.names],
      selection: `{ ${field.name}${args} ${way.selection} }`,
    }));
  });
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  const fragments = possible.flatMap((one) =>
    ways(schema, one, types).map((way) => ({
      ...way,
      names: [one.name, ...way.names],
      selection: `{ ... on ${one.name} ${way.selection} }`,
    })),
  );
  return [...fields, ...fragments];
}

function argumentsOf(args: readonly (GraphQLArgument | GraphQLInputField)[], open: string, close: string) {
  if (args.length === 0) return '';
  return `${open}${args.map(({ name, type }) => `${name}: ${literalOf(type)}`).join(', ')}${close}`;
}

/** What certainly passes as a value of each scalar. */
const SCALARS: Record<string, string> = {
  ID: `"${ID}"`,
  String: '"x"',
  Int: '1',
  Float: '1',
  Boolean: 'true',
  DateTime: '"2026-01-01T00:00:00Z"',
  _Any: `{ __typename: "ClientCertificate", id: "${ID}" }`,
};

function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return `[${literalOf(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type))
    return argumentsOf(Object.values(type.getFields()).filter(isRequiredInputField), '{ ', ' }') || '{}';
  const value = SCALARS[type.name];
  if (value === undefined) throw new Error(`SCALARS has no value of ${type.name} yet.`);
  return value;
}
