import { builder } from '../builder.ts';
import { ClientCertificateUsage } from '../client-certificates/filter.ts';
import { ClientCertificateRef } from '../client-certificates/type.ts';
import { PAGE, pageArguments } from '../page.ts';
import { ApiStageConnection } from './connection.ts';

builder.objectFields(ClientCertificateRef, (t) => ({
  usage: t.field({
    type: ClientCertificateUsage,
    description: 'Whether a stage uses it, as far as the service has read the stages.',
    resolve: (certificate, _, { apiStages }) => apiStages.usageOf(certificate),
  }),
  stages: t.field({
    type: ApiStageConnection,
    description: 'The stages that use it, as far as the service has read them.',
    extensions: { directives: { listSize: PAGE } },
    args: pageArguments(t.arg),
    resolve: (certificate, args, { apiStages }) => apiStages.ofCertificate(certificate, args),
  }),
  replaces: t.field({
    type: ClientCertificateRef,
    nullable: true,
    description: 'The certificate that it was generated to replace, by its tag `certway:replaces`.',
    resolve: (certificate, _, { clientCertificates }) => clientCertificates.replaces(certificate),
  }),
  replacedBy: t.field({
    type: ClientCertificateRef,
    nullable: true,
    description:
      'The certificate that was generated to replace it; of several, the first. All certificates are read for that.',
    resolve: (certificate, _, { clientCertificates }) => clientCertificates.replacedBy(certificate),
  }),
}));
