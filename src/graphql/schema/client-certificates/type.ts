import { decodeGlobalId, encodeGlobalId } from '../../../relay/global-id.ts';
import { inAccount } from '../../../resources/arn.ts';
import type { ClientCertificate } from '../../../resources/client-certificates/client-certificate.ts';
import { isClientCertificateArn, isClientCertificateId } from '../../../resources/client-certificates/id.ts';
import { MAX_TAGS } from '../../../resources/tags.ts';
import { isAccountId } from '../../../settings/accounts.ts';
import { PLACE } from '../account-region.ts';
import { builder } from '../builder.ts';
import { type Entity, keyDirectives, keyOf } from '../entity.ts';
import { Node } from '../node.ts';
import { requiresScopes } from '../sdl.ts';
import { TagRef } from '../tag.ts';
import { ClientCertificateStatus } from './filter.ts';
import { X509CertificateRef } from './x509.ts';

export const ClientCertificateRef = builder.objectRef<ClientCertificate>('ClientCertificate');

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
          matches: (value) => value === null || (typeof value === 'string' && isAccountId(value)),
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
  extensions: { directives: { ...keyDirectives(clientCertificateEntity), ...read }, immutable: true },
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
