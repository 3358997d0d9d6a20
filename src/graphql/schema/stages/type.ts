import { decodeGlobalId } from '../../../relay/global-id.ts';
import type { Api } from '../../../resources/stages/api.ts';
import type { ApiStage } from '../../../resources/stages/api-stage.ts';
import { PLACE } from '../account-region.ts';
import { builder } from '../builder.ts';
import { ClientCertificateRef } from '../client-certificates/type.ts';
import { type Entity, keyDirectives, keyOf } from '../entity.ts';
import { Node } from '../node.ts';
import { requiresScopes } from '../sdl.ts';

export const ApiStageRef = builder.objectRef<ApiStage>('ApiStage');

/** Other subgraphs may hold the global id. */
export const apiStageEntity: Entity<ApiStage> = {
  ref: ApiStageRef,
  keys: [
    keyOf(
      'id',
      'the global id of a stage of this region',
      (text) => decodeGlobalId(text)?.typename === 'ApiStage',
    ),
  ],
  find: (id, path, { apiStages }) => apiStages.find(id, path),
  expectedRegion: (id, { apiStages }) => apiStages.expectedRegion(id),
};

export const StageCertificateSource = builder.enumType('StageCertificateSource', {
  description: 'Where the certificate is managed that a stage presents to its backends.',
  values: {
    NONE: { description: 'The stage presents no certificate.' },
    API_GATEWAY: { description: 'It is a client certificate of API Gateway.' },
    ACM: { description: 'It is a certificate of AWS Certificate Manager, which this service does not read.' },
  },
});

const ApiProtocol = builder.enumType('ApiProtocol', {
  description:
    'The kind of an API. Stages of HTTP APIs have no client certificates, so HTTP APIs are left out.',
  values: {
    REST: { description: 'A REST API.' },
    WEBSOCKET: { description: 'A WebSocket API.' },
  },
});

const ApiRef = builder.objectRef<Api>('Api').implement({
  description: 'An API in API Gateway.',
  fields: (t) => ({
    apiId: t.exposeString('apiId', { description: "AWS's own id." }),
    name: t.exposeString('name', { description: 'Its name, which other APIs may have, too.' }),
    protocol: t.expose('protocol', { type: ApiProtocol, description: 'Its kind.' }),
  }),
});

ApiStageRef.implement({
  interfaces: [Node],
  isTypeOf: (value) => value instanceof Object && 'certificateSource' in value,
  description:
    'A stage of a REST or WebSocket API, as AWS had it at `readAt`. Its variables and other settings are not kept.',
  extensions: {
    directives: { ...keyDirectives(apiStageEntity), ...requiresScopes('client-certificates:read') },
  },
  fields: (t) => ({
    arn: t.exposeString('arn', { description: 'Amazon Resource Name; it has no account.' }),
    accountId: t.exposeString('accountId', PLACE.accountId),
    account: t.exposeString('account', PLACE.account),
    region: t.exposeString('region', PLACE.region),
    name: t.exposeString('name', { description: 'The name of the stage, such as `prod`.' }),
    api: t.expose('api', { type: ApiRef, description: 'The API that it is a stage of.' }),
    certificateSource: t.expose('certificateSource', {
      type: StageCertificateSource,
      description: 'Where the certificate is managed that it presents to its backends.',
    }),
    certificateReference: t.exposeString('certificateReference', {
      nullable: true,
      description:
        'The certificate as AWS has it: the id of a client certificate, or the ARN of a certificate in ACM; null if there is none.',
    }),
    clientCertificate: t.field({
      type: ClientCertificateRef,
      nullable: true,
      description:
        'The client certificate; null if the stage has none, one of ACM, or one that does not exist any more.',
      resolve: (stage, _, { apiStages }) => apiStages.certificateOf(stage),
    }),
    lastUpdatedDate: t.expose('lastUpdatedDate', {
      type: 'DateTime',
      nullable: true,
      description: 'When the stage was last changed, as AWS says; null if it does not.',
    }),
    readAt: t.expose('readAt', { type: 'DateTime', description: 'When AWS was asked for this stage.' }),
  }),
});
