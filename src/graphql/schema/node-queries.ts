import { InvalidInputError } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { decodeGlobalId } from '../../relay/global-id.ts';
import type { Context } from '../context.ts';
import { builder } from './builder.ts';
import { ENTITIES } from './entities.ts';
import { findEntity } from './entity.ts';
import { Node } from './node.ts';

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its global id.',
    args: { id: t.arg.id({ description: 'A global id, as `id` gives it.' }) },
    resolve: (_, { id }, context) => find(id, ['id'], context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: 'Many things by their global ids, in the order of the ids.',
    args: { ids: t.arg.idList({ description: 'Global ids, as `id` gives them.' }) },
    resolve: (_, { ids }, context) => ids.map((id, index) => find(id, ['ids', String(index)], context)),
  }),
}));

/** As the id's type finds it; whatever that says of the id, `path` is where it was given. */
function find(id: string, path: string[], context: Context) {
  const malformed = () =>
    new InvalidInputError([{ path, message: `expected a global id of this region, got ${quote(id)}` }]);
  const globalId = decodeGlobalId(id);
  const entity = ENTITIES.find(({ ref }) => ref.name === globalId?.typename);
  if (!entity) return context.fieldErrors.reject(malformed);
  return findEntity<{ id: string }>(entity, id, path, malformed, context);
}
