import type { Difference } from '../../../resources/client-certificates/changes/differences.ts';
import { MAX_DIFFERENCES, type News } from '../../../resources/client-certificates/changes/listener.ts';
import type { ClientCertificate } from '../../../resources/client-certificates/client-certificate.ts';
import { AccountRegionRef } from '../account-region.ts';
import { builder } from '../builder.ts';
import { requiresScopes } from '../sdl.ts';
import { CALL } from './connection.ts';
import { ClientCertificateFilter } from './filter.ts';
import { ClientCertificateRef } from './type.ts';

const read = requiresScopes('client-certificates:read');

const ClientCertificateChangeKind = builder.enumType('ClientCertificateChangeKind', {
  description: 'What has become of a certificate.',
  values: {
    ADDED: { description: 'It was generated.' },
    CHANGED: { description: 'It has another description or other tags.' },
    DELETED: { description: 'It was deleted.' },
  },
});

const ClientCertificateChange = builder.objectRef<Difference>('ClientCertificateChange').implement({
  description: 'What has become of one certificate. Several changes that came together are one.',
  extensions: { directives: read },
  fields: (t) => ({
    kind: t.field({
      type: ClientCertificateChangeKind,
      description: 'What kind of change it is.',
      resolve: ({ before, after }) => (before && after ? 'CHANGED' : after ? 'ADDED' : 'DELETED'),
    }),
    // not `id`, by which clients keep what they know, as that of the certificate itself
    globalId: t.id({
      description: 'The global id of the certificate, also of one that was deleted.',
      resolve: (difference) => certificateOf(difference).id,
    }),
    clientCertificateId: t.string({
      description: "AWS's own id of it.",
      resolve: (difference) => certificateOf(difference).clientCertificateId,
    }),
    clientCertificate: t.field({
      type: ClientCertificateRef,
      nullable: true,
      description: 'The certificate as it is now; null if it was deleted.',
      resolve: ({ after }) => after,
    }),
  }),
});

const ClientCertificatesChanged = builder.objectRef<News>('ClientCertificatesChanged').implement({
  description:
    'News of client certificates. Without any changes they say that lists have to be read again: in the beginning, and after ' +
    '`unavailable` has changed.',
  extensions: { directives: read },
  fields: (t) => ({
    changes: t.field({
      type: [ClientCertificateChange],
      description: 'What has changed since the event before; of more than 100, the others follow at once.',
      extensions: { directives: { listSize: { assumedSize: MAX_DIFFERENCES } } },
      resolve: ({ differences }) => differences,
    }),
    unavailable: t.field({
      type: [AccountRegionRef],
      description:
        'The accounts and regions that cannot be read now. Nothing is told of them until they can be read again; then everything that ' +
        'has changed meanwhile is told.',
      extensions: { directives: { listSize: { assumedSize: 100 } } },
      resolve: ({ unavailable }) => unavailable,
    }),
  }),
});

builder.subscriptionField('clientCertificatesChanged', (t) =>
  t.field({
    type: ClientCertificatesChanged,
    description:
      'Tells when client certificates were generated, changed or deleted, whoever did it: at once if this service did, otherwise as ' +
      'soon as they are read again. The first event comes as soon as changes are told, and has none. The events end when the service stops, with ' +
      '`complete`, or when the credentials do. Changes that were missed are not told again: subscribe again, and read the list.',
    extensions: { directives: { cost: CALL, ...read } },
    args: {
      filter: t.arg({
        type: ClientCertificateFilter,
        required: false,
        description:
          'Of which ones: those that match it before or after the change. That a status or a usage changes by itself is no change.',
      }),
    },
    subscribe: (_, { filter }, { changes }) => changes.listen(filter),
    resolve: (news, _, { changes }) => changes.show(news),
  }),
);

function certificateOf({ before, after }: Difference): ClientCertificate {
  const certificate = after ?? before;
  if (!certificate) throw new Error('a difference without a certificate');
  return certificate;
}
