import { collectFields, collectSubFields } from '@graphql-tools/utils';
import {
  type DocumentNode,
  defaultFieldResolver,
  defaultTypeResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { argumentsOf } from './arguments.ts';
import { giveUp, isPromise } from './give-up.ts';
import type { KeepTexts } from './kept-texts.ts';
import { type Run, type Variables, type Write, writeAll } from './write.ts';

/** Writes the `data` of an answer as JSON. Throws if graphql-js has to make the answer. */
export type Plan<C> = {
  write: (run: Run<C>) => void;
  fields: number;
  /** How many times it gave up since it last succeeded, although everything was known. */
  misses: number;
};

export type PlanOptions<C> = {
  schema: GraphQLSchema;
  /** Keeps what is written of the items of types that are `immutable` by their extensions. */
  keepTexts: KeepTexts<C>;
};

/** What JSON has between quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** All that JSON has of ASCII, inside of texts and outside. */
const ASCII = /^[ -~]*$/;

/** A plan takes about half a kilobyte per field. */
const MAX_FIELDS = 4000;

/**
 * Compiles a valid query to functions that write its answer, one for each field and each type of a value. `variables` are those
 * that `@skip` and `@include` depend on; the others come with each run.
 */
export function createPlan<C>(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  { schema, keepTexts }: PlanOptions<C>,
): Plan<C> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;

  /** Resolvers may see the schema. Whoever looks at more of it is executed by graphql-js. */
  const info = new Proxy({} as GraphQLResolveInfo, {
    get: (_, name) => (name === 'schema' ? schema : giveUp('unusual')),
  });

  const conditions = { coerced: variables, sources: {} };
  let fieldCount = 0;

  /** Each with its key, and with what comes before that in the JSON. */
  const writesOf = (type: GraphQLObjectType, fields: Map<string, FieldNode[]>): Write<C>[] =>
    Array.from(fields, ([key, nodes], index) =>
      ofField(type, nodes, `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`),
    );

  function ofField(parent: GraphQLObjectType, nodes: FieldNode[], before: string): Write<C> {
    fieldCount += 1;
    const [node] = nodes;
    if (!node || fieldCount > MAX_FIELDS) return giveUp('unusual');
    const name = node.name.value;
    if (name === '__typename') {
      const text = `${before}"${parent.name}"`;
      return (_, run) => run.text.add(text);
    }
    const field = parent.getFields()[name];
    if (!field) return giveUp('unusual'); // introspection
    const { resolve = defaultFieldResolver } = field;
    const complete = ofValue(field.type, nodes);
    if (resolve === defaultFieldResolver)
      return (source, run) => {
        run.text.add(before);
        complete((source as Record<string, unknown>)[name], run);
      };
    const args = argumentsOf(field, node);
    return (source, run) => {
      run.text.add(before);
      complete(resolve(source, args(run), run.context, info), run);
    };
  }

  function ofValue(type: GraphQLOutputType, nodes: FieldNode[]): Write<C> {
    const nullable = isNonNullType(type) ? type.ofType : type;
    const complete = isLeafType(nullable)
      ? ofLeaf(nullable)
      : isListType(nullable)
        ? ofList(ofValue(nullable.ofType, nodes))
        : isObjectType(nullable)
          ? ofObject(nullable, nodes)
          : ofAbstract(nullable, nodes);
    const isNullable = type === nullable;
    return (value, run) => {
      if (value === null || value === undefined) return isNullable ? run.text.add('null') : giveUp('error');
      if (value instanceof Error) return giveUp('error');
      return isPromise(value) ? giveUp('promise', value) : complete(value, run);
    };
  }

  const ofLeaf =
    (type: GraphQLLeafType): Write<C> =>
    (value, { text }) => {
      if (typeof value === 'function') return giveUp('unusual');
      const serialized = type.serialize(value);
      if (typeof serialized === 'string' && PLAIN.test(serialized)) return text.add(`"${serialized}"`);
      const json = JSON.stringify(serialized);
      if (json === undefined || json === 'null') return giveUp('error');
      text.isAscii &&= ASCII.test(json);
      text.add(json);
    };

  const ofList =
    (complete: Write<C>): Write<C> =>
    (items, run) => {
      if (!Array.isArray(items)) return giveUp('unusual');
      if (items.some(isPromise)) return giveUp('promise', ...items);
      run.text.add('[');
      for (let i = 0; i < items.length; i += 1) {
        if (i > 0) run.text.add(',');
        complete(items[i], run);
      }
      run.text.add(']');
    };

  function ofObject(type: GraphQLObjectType, nodes: FieldNode[]): Write<C> {
    const { fields } = collectSubFields(schema, fragments, conditions, type, nodes);
    const writes = writesOf(type, fields);
    if (writes.length === 0) return (_, run) => run.text.add('{}');
    const write = type.extensions['immutable'] ? keepTexts(writes) : inOrder(writes);
    const { isTypeOf } = type;
    if (!isTypeOf) return write;
    return (value, run) =>
      isTypeOf(value, run.context, info) === true ? write(value, run) : giveUp('error');
  }

  function ofAbstract(type: GraphQLAbstractType, nodes: FieldNode[]): Write<C> {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const writes = new Map(
      schema.getPossibleTypes(type).map((object) => [object.name, ofObject(object, nodes)]),
    );
    return (value, run) => {
      const name = resolveType(value, run.context, info, type);
      if (typeof name !== 'string') return giveUp('unusual', name);
      const write = writes.get(name) ?? giveUp('error');
      write(value, run);
    };
  }

  const root = schema.getQueryType();
  if (!root || operation.operation !== 'query' || operation.variableDefinitions?.some(isUnusual))
    return giveUp('unusual');
  const { fields } = collectFields(schema, fragments, conditions, root, operation.selectionSet);
  const write: Write<C> =
    fields.size === 0 ? (_, run) => run.text.add('{}') : inOrder(writesOf(root, fields));
  return { write: (run) => write(undefined, run), fields: fieldCount, misses: 0 };
}

const inOrder =
  <C>(writes: Write<C>[]): Write<C> =>
  (value, run) =>
    writeAll(writes, value, run);

/** Whether a variable cannot be the member of an object. */
const isUnusual = ({ variable }: VariableDefinitionNode): boolean => variable.name.value === '__proto__';
