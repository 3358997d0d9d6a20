import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  parse,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';

/** A field of an answer may be any of these: fragments on several types may give them one name. */
type Candidate = { type: GraphQLOutputType; selectionSet: SelectionSetNode | undefined };

/** Where `data` violates the schema for `query`: nulls where none are allowed, or values of other kinds. */
export function breaches(
  schema: GraphQLSchema,
  query: string,
  operationName: string | undefined,
  data: unknown,
): string[] {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (!operationName || definition.name?.value === operationName),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return ['data without an operation'];
  const root = schema.getRootType(operation.operation);
  if (!root) return ['data without a root type'];
  return ofObject([{ type: root, selectionSet: operation.selectionSet }], data, 'data');

  function ofObject(candidates: Candidate[], value: unknown, path: string): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [`${path}: not an object`];
    const fields = candidates.flatMap(({ type, selectionSet }) =>
      isCompositeType(type) && selectionSet ? fieldsOf(type, selectionSet) : [],
    );
    return Object.entries(value).flatMap(([name, member]) => {
      const found = fields.filter((field) => field.name === name);
      if (found.length === 0) return [`${path}.${name}: nobody asked for it`];
      return ofValue(found, member, `${path}.${name}`);
    });
  }

  function ofValue(candidates: Candidate[], value: unknown, path: string): string[] {
    if (value === null) return candidates.every(({ type }) => isNonNullType(type)) ? [`${path}: null`] : [];
    const inner = candidates.map(({ type, selectionSet }) => ({ type: getNullableType(type), selectionSet }));
    if (Array.isArray(value)) {
      const items = inner.flatMap(({ type, selectionSet }) =>
        isListType(type) ? [{ type: type.ofType, selectionSet }] : [],
      );
      if (items.length === 0) return [`${path}: a list`];
      return value.flatMap((item, i) => ofValue(items, item, `${path}.${i}`));
    }
    if (typeof value === 'object') return ofObject(inner, value, path);
    return inner.some(({ type }) => isLeafValue(type, value)) ? [] : [`${path}: ${typeof value}`];
  }

  function fieldsOf(
    type: GraphQLNamedType,
    { selections }: SelectionSetNode,
  ): (Candidate & { name: string })[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        const field = fieldOf(type, selection.name.value);
        const name = (selection.alias ?? selection.name).value;
        return field ? [{ name, type: field.type, selectionSet: selection.selectionSet }] : [];
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
      if (!fragment) return [];
      const condition = fragment.typeCondition?.name.value;
      return fieldsOf((condition && schema.getType(condition)) || type, fragment.selectionSet);
    });
  }

  function fieldOf(type: GraphQLNamedType, name: string) {
    const meta = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].find(
      (def) => def.name === name,
    );
    return meta ?? (isCompositeType(type) && !isUnionType(type) ? type.getFields()[name] : undefined);
  }
}

const fragmentOf = (document: DocumentNode, name: string) =>
  document.definitions
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
    .find((definition) => definition.name.value === name);

function isLeafValue(type: GraphQLOutputType, value: unknown): boolean {
  if (isEnumType(type)) return type.getValues().some(({ name }) => name === value);
  const name = 'name' in type ? type.name : '';
  if (name === 'Int') return Number.isInteger(value);
  if (name === 'Boolean') return typeof value === 'boolean';
  if (name === 'DateTime') return typeof value === 'string' && new Date(value).toISOString() === value;
  return name !== '' && !isCompositeType(type as GraphQLNamedType) && typeof value === 'string';
}
