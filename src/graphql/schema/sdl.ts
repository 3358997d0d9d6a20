import { getDocumentNodeFromSchema, memoize1 } from '@graphql-tools/utils';
import { type GraphQLSchema, type NameNode, print, visit } from 'graphql';
import type { Scope } from '../../auth/viewer.ts';

/** https://specs.apollo.dev/federation/v2.9: the first with `@cost` and `@listSize`. */
const FEDERATION = 'https://specs.apollo.dev/federation/v2.9';

/** What a schema says of itself as a whole; `authDirectives`: whether its SDL has `@requiresScopes`. */
export const subgraphExtensions = (authDirectives: boolean) => ({
  authDirectives,
  directives: {
    link: {
      url: FEDERATION,
      import: ['@key', '@shareable', '@cost', '@listSize', ...(authDirectives ? ['@requiresScopes'] : [])],
    },
  },
});

/** The directive of what takes a scope, for gateways that check scopes as well. */
export const requiresScopes = (scope: Scope) => ({ requiresScopes: { scopes: [[scope]] } });

/** The schema as composers of supergraphs want it: with the directives of federation, without `_service` and `_entities`. */
export const sdlOf = memoize1((schema: GraphQLSchema): string => {
  const isLeftOut = ({ name }: { name: NameNode }) =>
    name.value.startsWith('_') || (name.value === 'requiresScopes' && !schema.extensions['authDirectives']);
  const leaveOut = (node: { name: NameNode }) => (isLeftOut(node) ? null : undefined);
  const document = visit(getDocumentNodeFromSchema(schema), {
    ScalarTypeDefinition: leaveOut,
    UnionTypeDefinition: leaveOut,
    ObjectTypeDefinition: leaveOut,
    FieldDefinition: leaveOut,
    Directive: leaveOut,
  });
  return `${print(document)}\n`;
});
