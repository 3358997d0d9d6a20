import type { Viewer } from '../../auth/viewer.ts';
import { addStamp, NEVER_FRESH } from '../../aws/stamps.ts';
import { builder } from './builder.ts';

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who calls, and what they may do.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name of the API key, `sub` of the token, or the common name of the client certificate; `anonymous` where the service ' +
        'asks for none of them.',
    }),
    scopes: t.stringList({
      description:
        'What the caller may do, such as `client-certificates:read`. A field or mutation that takes another scope is refused.',
      extensions: { directives: { listSize: { assumedSize: 3 } } },
      resolve: ({ scopes }) => Array.from(scopes).toSorted(),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who calls. It takes no scope, and AWS is not asked.',
    resolve: (_, __, { viewer, awsUse }) => {
      addStamp(awsUse.stamps, NEVER_FRESH); // others may have the same scopes and another name
      return viewer;
    },
  }),
);
