import { resolveNodes } from '@pothos/plugin-relay';
import { type GraphQLResolveInfo, isObjectType } from 'graphql';
import type { Context } from '../context.ts';
import { InvalidInputError } from '../errors.ts';
import { decodeGlobalId } from '../global-id.ts';
import { got } from '../input-rules.ts';
import { builder } from './builder.ts';

const Node = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its global id.',
    args: { id: t.arg.id({ description: 'A global id, as `id` gives it.' }) },
    resolve: (_, { id }, context, info) => loadNode(id, ['id'], context, info),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: 'Many things by their global ids, in the order of the ids.',
    args: { ids: t.arg.idList({ description: 'Global ids, as `id` gives them.' }) },
    resolve: (_, { ids }, context, info) =>
      ids.map((id, index) => loadNode(id, ['ids', String(index)], context, info)),
  }),
}));

/** Through the loader that the id's type declares; whatever that says of the id, `path` is where it was given. */
async function loadNode(id: string, path: string[], context: Context, info: GraphQLResolveInfo) {
  const malformed = new InvalidInputError([{ path, message: `expected a global id, got ${got(id)}` }]);
  const globalId = decodeGlobalId(id);
  const type = globalId && info.schema.getType(globalId.typename);
  if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Node')) throw malformed;
  const [node] = await resolveNodes(builder, context, info, [{ typename: type.name, id: globalId?.id }]);
  return Promise.resolve(node).catch((error) => {
    throw error instanceof InvalidInputError ? malformed : error;
  });
}
