import type { GraphQLSchema } from 'graphql';
import { InvalidInputError } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import type { Context } from '../context.ts';
import { builder } from './builder.ts';
import { type AnyEntity, ENTITIES } from './entities.ts';
import { findEntity, type Key, type KeyField } from './entity.ts';
import { sdlOf } from './sdl.ts';

const Service = builder.objectRef<GraphQLSchema>('_Service').implement({
  description: 'This service as a subgraph.',
  fields: (t) => ({
    sdl: t.string({
      description: 'Its schema, with the directives of federation, and without `_service` and `_entities`.',
      resolve: sdlOf,
    }),
  }),
});

const Any = builder.scalarType('_Any', {
  description:
    'What another subgraph knows of an entity: its `__typename`, and the fields of one of its keys.',
  serialize: (value) => value,
});

const EntityUnion = builder.unionType('_Entity', {
  description: 'What other subgraphs can refer to.',
  types: ENTITIES.map(({ ref }) => ref),
});

// https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
builder.queryFields((t) => ({
  _service: t.field({
    type: Service,
    description: 'For what composes a supergraph.',
    resolve: (_, __, ___, { schema }) => schema,
  }),
  _entities: t.field({
    type: [EntityUnion],
    nullable: { list: false, items: true },
    description: 'For gateways: what the representations stand for, in their order.',
    args: {
      representations: t.arg({
        type: [Any],
        description: 'One for each; a malformed one is an error for itself alone.',
      }),
    },
    resolve: (_, { representations }, context) =>
      representations.map((representation, index) =>
        find(representation, ['representations', String(index)], context),
      ),
  }),
}));

/** By the first of its keys of which the representation has all fields; one of several fields is more exact. */
function find(representation: unknown, path: string[], context: Context) {
  const wrong = (places: string[], expected: string, value: unknown) => () =>
    new InvalidInputError([
      { path: [...path, ...places], message: `expected ${expected}, got ${quote(value)}` },
    ]);
  const { reject } = context.fieldErrors;
  if (!isRecord(representation)) return reject(wrong([], 'an object', representation));
  const { __typename: typename } = representation;
  const entity = ENTITIES.find(({ ref }) => ref.name === typename);
  if (!entity)
    return reject(wrong(['__typename'], ENTITIES.map(({ ref }) => ref.name).join(' or '), typename));
  const [key] = entity.keys
    .filter(({ fields }) => fields.every(({ name }) => representation[name] !== undefined))
    .toSorted((a, b) => b.fields.length - a.fields.length);
  if (!key) return reject(wrong([], `one with ${entity.keys.map(namesOf).join(' or ')}`, representation));
  const malformed = ({ name, expected }: KeyField) => wrong([name], expected, representation[name]);
  const wrongField = key.fields.find(({ name, matches }) => !matches(representation[name]));
  if (wrongField) return reject(malformed(wrongField));
  const [first] = key.fields;
  return findEntity<AnyEntity>(
    entity,
    key.idOf(representation),
    [...path, first.name],
    malformed(first),
    context,
  );
}

const namesOf = ({ fields }: Key): string => fields.map(({ name }) => name).join(' and ');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
