import { builder } from './builder.ts';

/** https://relay.dev/graphql/objectidentification.htm */
export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'Anything that has a global id, by which `node` finds it again.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'The global id: opaque, and unique over all types and regions.',
    }),
  }),
});
