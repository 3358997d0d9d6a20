import { type MaybePromise, mapMaybePromise } from '../../../maybe-promise.ts';
import type { Edge } from '../../../relay/list.ts';
import type { ClientCertificate } from '../../../resources/client-certificates/client-certificate.ts';
import type { Connection } from '../../../resources/client-certificates/connection.ts';
import type { Item } from '../../../resources/client-certificates/list.ts';
import type { Context } from '../../context.ts';
import { AccountRegionRef } from '../account-region.ts';
import { builder } from '../builder.ts';
import { PAGE, pageArguments } from '../page.ts';
import { PageInfoRef } from '../page-info.ts';
import { requiresScopes } from '../sdl.ts';
import { ClientCertificateFilter, ClientCertificateOrder } from './filter.ts';
import { ClientCertificateRef } from './type.ts';

const read = requiresScopes('client-certificates:read');

export const ClientCertificateEdge = builder.objectRef<Edge<Item>>('ClientCertificateEdge').implement({
  description: 'A certificate in a list, with its place.',
  extensions: { directives: read, immutable: true },
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description:
        "Pass it as `after` to continue behind this certificate. For the cursor of a mutation's edge all certificates are " +
        'read to find the place, and it is refused once its certificate is gone.',
    }),
    node: t.field({
      type: ClientCertificateRef,
      nullable: true,
      description: 'The certificate; null, with an error, if AWS sent a broken one.',
      resolve: ({ node }, _, context) => wholeOrError(node, context),
    }),
  }),
});

const ClientCertificateConnection = builder.objectRef<Connection>('ClientCertificateConnection').implement({
  description: 'A page of client certificates (https://relay.dev/graphql/connections.htm).',
  extensions: { directives: read },
  fields: (t) => ({
    edges: t.field({
      type: [ClientCertificateEdge],
      description: 'The certificates of this page, each with its cursor.',
      resolve: ({ slice }) => mapMaybePromise(slice(), ({ edges }) => edges),
    }),
    nodes: t.field({
      type: [ClientCertificateRef],
      nullable: { list: false, items: true },
      description: 'The certificates of the edges, for clients that do not need cursors.',
      resolve: ({ slice }, _, context) =>
        mapMaybePromise(slice(), ({ edges }) => edges.map(({ node }) => wholeOrError(node, context))),
    }),
    pageInfo: t.field({
      type: PageInfoRef,
      description: 'The position of this page in the list.',
      resolve: ({ slice }) => mapMaybePromise(slice(), ({ pageInfo }) => pageInfo),
    }),
    totalCount: t.int({
      description: 'The number of certificates that match the filter, on all pages. Reads all certificates.',
      resolve: ({ totalCount }) => totalCount(),
    }),
    unavailable: t.field({
      type: [AccountRegionRef],
      description:
        'The accounts and regions whose certificates are missing in this page, because AWS did not answer there. `totalCount` is ' +
        'an error then. If none can be read, the page is an error.',
      extensions: { directives: { listSize: { assumedSize: 100 } } },
      resolve: ({ unavailable }) => unavailable(),
    }),
  }),
});

/** For gateways a call of AWS is as dear as a mutation, which counts 10 there: there are 10 a second for the account. */
export const CALL = { weight: 10 };

builder.queryFields((t) => ({
  clientCertificate: t.field({
    type: ClientCertificateRef,
    nullable: true,
    description: 'One client certificate.',
    args: { id: t.arg.id({ description: "The global id, the ARN, or AWS's own id." }) },
    resolve: (_, { id }, { clientCertificates }) => clientCertificates.find(id, ['id']),
  }),
  clientCertificates: t.field({
    type: ClientCertificateConnection,
    description:
      "The client certificates, account by account and region by region. In AWS's own order, forward, one page costs one AWS " +
      'call. For a filter, an order, a count, `last` or `before` the service reads all certificates, once per operation.',
    extensions: { directives: { cost: CALL, listSize: PAGE } },
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: ClientCertificateFilter, required: false, description: 'Which ones.' }),
      orderBy: t.arg({
        type: ClientCertificateOrder,
        required: false,
        description: "By default, AWS's order.",
      }),
    },
    resolve: (_, args, { clientCertificates }) => clientCertificates.list(args),
  }),
}));

/** Only here does a broken item of a list become an error, so that the other items are there. */
const wholeOrError = (item: Item, context: Context): MaybePromise<ClientCertificate> =>
  item instanceof Error ? context.fieldErrors.reject(() => item) : item;
