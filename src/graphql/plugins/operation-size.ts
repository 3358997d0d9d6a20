import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { MAX_PAGE_SIZE } from '../../relay/page-size.ts';

/**
 * The size of an operation with its fragments spread. `cost` is about the number of fields that its answer may have, `changes`
 * the number of its mutations, each of which is an AWS call.
 */
export type OperationSize = {
  depth: number;
  aliases: number;
  directives: number;
  cost: number;
  changes: number;
};

const NONE: OperationSize = { depth: 0, aliases: 0, directives: 0, cost: 0, changes: 0 };

/** The cost of an alias in introspection: the schema has about 3000 fields, and nested aliases multiply. */
const INTROSPECTION_COST = 10_000;

/**
 * Measures a valid operation. Each field costs one, unless the schema says more. Fields below a connection count once per item of the page; fields below a list
 * count once per id in its arguments, or as the schema says (`@listSize`). An item costs at least one. `__typename`,
 * which clients add everywhere, and introspection are free; to repeat them requires an alias, which costs.
 */
export function sizeOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  variables: Record<string, unknown>,
): OperationSize {
  const ofFragments = new Map<string, OperationSize>();

  function ofSelections({ selections }: SelectionSetNode, type: GraphQLCompositeType): OperationSize {
    return selections
      .map((selection) => {
        const inner =
          selection.kind === Kind.FIELD
            ? ofField(selection, type)
            : selection.kind === Kind.INLINE_FRAGMENT
              ? ofSelections(selection.selectionSet, named(selection.typeCondition?.name.value) ?? type)
              : ofFragment(selection.name.value);
        return { ...inner, directives: inner.directives + (selection.directives?.length ?? 0) };
      })
      .reduce(both, NONE);
  }

  /** Computed once per fragment, however often it is spread. */
  function ofFragment(name: string): OperationSize {
    const fragment = fragments.find((candidate) => candidate.name.value === name);
    const type = named(fragment?.typeCondition.name.value);
    const size =
      ofFragments.get(name) ?? (fragment && type ? ofSelections(fragment.selectionSet, type) : NONE);
    ofFragments.set(name, size);
    return size;
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType): OperationSize {
    const aliases = node.alias ? 1 : 0;
    const field = fieldOf(parent, node.name.value);
    if (!field) return { ...NONE, aliases, cost: aliases };
    const type = getNamedType(field.type);
    const inner = node.selectionSet && isCompositeType(type) ? ofSelections(node.selectionSet, type) : NONE;
    const all = { aliases: aliases + inner.aliases, directives: inner.directives };
    if (type.name.startsWith('__')) return { ...NONE, ...all, cost: all.aliases * INTROSPECTION_COST };
    const isList = isListType(getNullableType(field.type)) && isCompositeType(type);
    return {
      ...all,
      depth: 1 + inner.depth,
      cost: ownCostOf(field) + countOf(field, node) * (isList ? Math.max(inner.cost, 1) : inner.cost),
      changes: parent === schema.getMutationType() ? 1 : 0,
    };
  }

  /** The most items that a field may have, by the schema and its arguments. */
  function countOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    const { first, last, ...others } = argumentsOf(field, node);
    const lists = Object.values(others).filter(Array.isArray);
    if (lists.length > 0) return Math.max(...lists.map(({ length }) => length));
    const size = first ?? last;
    // A connection itself refuses a larger page.
    if (typeof size === 'number') return Math.min(Math.max(size, 1), MAX_PAGE_SIZE);
    return listSizeOf(field) ?? 1;
  }

  /** A variable that is null may be wrong for an argument. Then the field is an error, and nothing of it is resolved. */
  function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
    try {
      return getArgumentValues(field, node, variables);
    } catch (error) {
      if (error instanceof GraphQLError) return {};
      throw error;
    }
  }

  const named = (name = ''): GraphQLCompositeType | undefined => {
    const type = schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  };

  const root = schema.getRootType(operation.operation);
  const size = root ? ofSelections(operation.selectionSet, root) : NONE;
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) };
}

/** Undefined for `__typename`, which every type has. */
function fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  const introspection = [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name);
  return introspection ?? (isUnionType(parent) ? undefined : parent.getFields()[name]);
}

/** The value of the directive, which is for gateways as well. */
const listSizeOf = ({ extensions }: GraphQLField<unknown, unknown>): number | undefined =>
  (extensions as { directives?: { listSize?: { assumedSize?: number } } }).directives?.listSize?.assumedSize;

/** More than one for a field whose text grows with a list: it may be as long as so many fields. */
const ownCostOf = ({ extensions }: GraphQLField<unknown, unknown>): number =>
  (extensions as { ownCost?: number }).ownCost ?? 1;

const both = (a: OperationSize, b: OperationSize): OperationSize => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  cost: a.cost + b.cost,
  changes: a.changes + b.changes,
});
