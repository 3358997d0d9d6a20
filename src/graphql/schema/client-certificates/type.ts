import { type MaybePromise, mapMaybePromise } from '../../../maybe-promise.ts';
import { decodeGlobalId, encodeGlobalId } from '../../../relay/global-id.ts';
import type { Edge } from '../../../relay/list.ts';
import { inAccount } from '../../../resources/arn.ts';
import type { ClientCertificate } from '../../../resources/client-certificates/client-certificate.ts';
import type { Connection } from '../../../resources/client-certificates/connection.ts';
import { isClientCertificateArn, isClientCertificateId } from '../../../resources/client-certificates/id.ts';
import type { Item } from '../../../resources/client-certificates/list.ts';
import { MAX_TAGS } from '../../../resources/tags.ts';
import type { Context } from '../../context.ts';
import { AccountRegionRef, PLACE } from '../account-region.ts';
import { builder } from '../builder.ts';
import { type Entity, keyDirectives, keyOf } from '../entity.ts';
import { Node } from '../node.ts';
import { PAGE, pageArguments } from '../page.ts';
import { PageInfoRef } from '../page-info.ts';
import { requiresScopes } from '../sdl.ts';
import { TagRef } from '../tag.ts';
import { ClientCertificateFilter, ClientCertificateOrder, ClientCertificateStatus } from './filter.ts';
import { X509CertificateRef } from './x509.ts';

export const ClientCertificateRef = builder.objectRef<ClientCertificate>('ClientCertificate');

const isAccountId = (value: unknown): boolean => typeof value === 'string' && /^\d{12}$/.test(value);

/** An ARN alone is looked for in all accounts. */
const idIn = (accountId: unknown, arn: string): string =>
  accountId === null ? arn : encodeGlobalId('ClientCertificate', inAccount(`${accountId}`, arn));

/** Other subgraphs may hold the global id, the ARN with the account, or AWS's own id. */
export const clientCertificateEntity: Entity<ClientCertificate> = {
  ref: ClientCertificateRef,
  keys: [
    keyOf(
      'id',
      'the global id of a client certificate of this region',
      (text) => decodeGlobalId(text)?.typename === 'ClientCertificate',
    ),
    keyOf('clientCertificateId', 'an id such as a1b2c3', isClientCertificateId),
    {
      fields: [
        {
          name: 'arn',
          expected: 'the ARN of a client certificate',
          matches: (value) => typeof value === 'string' && isClientCertificateArn(value),
        },
        {
          name: 'accountId',
          expected: 'the 12 digits of an account, or null',
          matches: (value) => value === null || isAccountId(value),
        },
      ],
      idOf: ({ arn, accountId }) => idIn(accountId, `${arn}`),
    },
  ],
  find: (id, path, { clientCertificates }) => clientCertificates.find(id, path),
  expectedRegion: (id, { clientCertificates }) => clientCertificates.expectedRegion(id),
};

const read = requiresScopes('client-certificates:read');

ClientCertificateRef.implement({
  interfaces: [Node],
  isTypeOf: (value) => value instanceof Object && 'pemEncodedCertificate' in value,
  description: 'An X.509 certificate with which API Gateway proves itself to the HTTP backends behind it.',
  extensions: { directives: { ...keyDirectives(clientCertificateEntity), ...read } },
  fields: (t) => ({
    clientCertificateId: t.exposeString('clientCertificateId', { description: "AWS's own id." }),
    arn: t.exposeString('arn', { description: 'Amazon Resource Name; it has no account.' }),
    accountId: t.exposeString('accountId', PLACE.accountId),
    account: t.exposeString('account', PLACE.account),
    region: t.exposeString('region', PLACE.region),
    description: t.exposeString('description', {
      nullable: true,
      description: 'For people; may be missing.',
    }),
    createdDate: t.expose('createdDate', { type: 'DateTime', description: 'When it was generated.' }),
    expirationDate: t.expose('expirationDate', {
      type: 'DateTime',
      description: '365 days after `createdDate`. AWS does not renew it.',
    }),
    status: t.field({
      type: ClientCertificateStatus,
      description: 'Whether it needs to be replaced.',
      resolve: (certificate, _, { expiry }) => expiry.statusOf(certificate),
    }),
    daysUntilExpiration: t.int({
      description: 'Whole days left: 0 on the last, negative once expired.',
      resolve: (certificate, _, { expiry }) => expiry.daysUntilExpirationOf(certificate),
    }),
    pemEncodedCertificate: t.exposeString('pemEncodedCertificate', {
      description:
        'For the trust store of a backend. As AWS sends it, it has CRLF lines and no newline at its end. Add one before you ' +
        'join several in one file, because OpenSSL refuses what `cat a.pem b.pem` makes.',
    }),
    x509: t.field({
      type: X509CertificateRef,
      description: 'The content of the PEM, which is parsed only when selected.',
      resolve: (certificate, _, { clientCertificates }) => clientCertificates.x509Of(certificate),
    }),
    tags: t.field({
      type: [TagRef],
      description: 'Sorted by key.',
      extensions: { directives: { listSize: { assumedSize: MAX_TAGS } } },
      resolve: ({ tags }) => tags,
    }),
    tag: t.string({
      nullable: true,
      description: 'The value of one tag; null if there is no such tag.',
      args: { key: t.arg.string({ description: 'Case-sensitive.' }) },
      resolve: ({ tags }, { key }) => tags.find((tag) => tag.key === key)?.value ?? null,
    }),
  }),
});

export const ClientCertificateEdge = builder.objectRef<Edge<Item>>('ClientCertificateEdge').implement({
  description: 'A certificate in a list, with its place.',
  extensions: { directives: read },
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
const wholeOrError = (item: Item, { fieldErrors }: Context): MaybePromise<ClientCertificate> =>
  item instanceof Error ? fieldErrors.reject(() => item) : item;
