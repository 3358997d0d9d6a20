import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { type OperationSize, sizeOf } from './operation-size.ts';

export type OperationLimits = { [Name in keyof OperationSize as `max${Capitalize<Name>}`]: number };

/** An operation with its variables: these coerced, its cost, and what is too large about it. */
export type Measured = { variables: Record<string, unknown>; cost: number; errors: GraphQLError[] };

/** Undefined if the variables are wrong; the execution reports what it is. */
export type Measure = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variableValues: Record<string, unknown> | null | undefined,
) => Measured | undefined;

type Size = Omit<Measured, 'variables'>;

/** How many sizes of one operation are remembered. */
const MAX_SIZES = 100;

/** Measures operations. With variables of the same sizes, an operation has the same size. */
export function createMeasure(schema: GraphQLSchema, limits: OperationLimits): Measure {
  const known = new WeakMap<OperationDefinitionNode, Map<string, Size>>();

  function measure(
    { definitions }: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
  ): Size {
    const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    const size = sizeOf(schema, operation, fragments, variables);
    const errors = [
      ...complaint('depth', size.depth, limits.maxDepth),
      ...complaint('aliases', size.aliases, limits.maxAliases),
      ...complaint('directives', size.directives, limits.maxDirectives),
      ...complaint('cost', size.cost, limits.maxCost),
      ...complaint('changes', size.changes, limits.maxChanges),
    ];
    return { cost: size.cost, errors };
  }

  return (document, operation, variableValues) => {
    const variables = coerced(schema, operation, variableValues ?? NONE);
    if (!variables) return undefined;
    const sizes = known.get(operation) ?? new Map<string, Size>();
    known.set(operation, sizes);
    const key = sizesOf(variables);
    const size = sizes.get(key) ?? measure(document, operation, variables);
    if (sizes.size >= MAX_SIZES) sizes.clear();
    sizes.set(key, size);
    return { variables, ...size };
  };
}

type Variables = Record<string, unknown>;

const NONE: Variables = Object.freeze({});

/** Undefined if they are wrong. Texts, which most variables are, take no coercion. */
function coerced(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Variables,
): Variables | undefined {
  if (variableDefinitions.length === 0) return NONE;
  if (variableDefinitions.every((definition) => isText(definition, values)))
    return Object.fromEntries(
      variableDefinitions.map(({ variable: { name } }) => [name.value, values[name.value]]),
    );
  return getVariableValues(schema, variableDefinitions, values, { maxErrors: 0 }).coerced;
}

function isText({ type, variable }: VariableDefinitionNode, values: Variables): boolean {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  if (named.kind !== Kind.NAMED_TYPE || typeof values[variable.name.value] !== 'string') return false;
  return named.name.value === 'ID' || named.name.value === 'String';
}

/**
 * The numbers, of which a page has so many items, the lengths of lists, and the nulls, which may be wrong for an argument. `sizeOf` looks at
 * nothing else.
 */
function sizesOf(variables: Record<string, unknown>): string {
  let sizes = '';
  for (const name in variables) {
    const value = variables[name];
    if (typeof value === 'number') sizes += `${name} ${value} `;
    else if (Array.isArray(value)) sizes += `${name} of ${value.length} `;
    else if (value === null) sizes += `${name} null `;
  }
  return sizes;
}

const complaint = (what: string, got: number, most: number): GraphQLError[] =>
  got <= most ? [] : [tooLarge(`expected ${what} up to ${most}, got ${got}`)];

export const tooLarge = (complaint: string) =>
  new GraphQLError(`The operation is too large: ${complaint}.`, {
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });
