import { mapMaybePromise } from '../../../maybe-promise.ts';
import type { Edge } from '../../../relay/list.ts';
import type { ApiStage } from '../../../resources/stages/api-stage.ts';
import type { StageConnection } from '../../../resources/stages/connection.ts';
import type { IndexState } from '../../../resources/stages/snapshot.ts';
import { PLACE_FILTER } from '../account-region.ts';
import { builder } from '../builder.ts';
import { ClientCertificateStatus } from '../client-certificates/filter.ts';
import { PAGE, pageArguments } from '../page.ts';
import { PageInfoRef } from '../page-info.ts';
import { requiresScopes } from '../sdl.ts';
import { ApiStageRef, StageCertificateSource } from './type.ts';

const read = requiresScopes('client-certificates:read');

/** How much of AWS is known. */
export const StageIndexRef = builder.objectRef<IndexState>('StageIndex').implement({
  description:
    'How much of AWS the answer rests on. AWS cannot be asked which stages use a certificate, so the service reads the ' +
    'stages of all APIs in the background, one API after the other.',
  fields: (t) => ({
    apis: t.exposeInt('apis', { description: 'The number of REST and WebSocket APIs that are known.' }),
    apisRead: t.exposeInt('apisRead', { description: 'How many of them have been read.' }),
    complete: t.exposeBoolean('complete', {
      description:
        'Whether all APIs have been read. If not, more stages may use a certificate than are shown. False if reading is ' +
        'switched off, or refused by AWS for one of the APIs.',
    }),
    oldestReadAt: t.expose('oldestReadAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the oldest reading among all APIs; null if none was read.',
    }),
  }),
});

const ApiStageEdge = builder.objectRef<Edge<ApiStage>>('ApiStageEdge').implement({
  description: 'A stage in a list, with its place.',
  extensions: { directives: read },
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Pass it as `after` to continue behind this stage.' }),
    node: t.field({ type: ApiStageRef, description: 'The stage.', resolve: ({ node }) => node }),
  }),
});

export const ApiStageConnection = builder.objectRef<StageConnection>('ApiStageConnection').implement({
  description: 'A page of stages, in the order of their ARNs (https://relay.dev/graphql/connections.htm).',
  extensions: { directives: read },
  fields: (t) => ({
    edges: t.field({
      type: [ApiStageEdge],
      description: 'The stages of this page, each with its cursor.',
      resolve: ({ slice }) => mapMaybePromise(slice(), ({ edges }) => edges),
    }),
    nodes: t.field({
      type: [ApiStageRef],
      description: 'The stages of the edges, for clients that do not need cursors.',
      resolve: ({ slice }) => mapMaybePromise(slice(), ({ edges }) => edges.map(({ node }) => node)),
    }),
    pageInfo: t.field({
      type: PageInfoRef,
      description: 'The position of this page in the list.',
      resolve: ({ slice }) => mapMaybePromise(slice(), ({ pageInfo }) => pageInfo),
    }),
    totalCount: t.int({
      description: 'The number of known stages that match, on all pages.',
      resolve: ({ totalCount }) => totalCount(),
    }),
    index: t.expose('index', {
      type: StageIndexRef,
      description: 'How much of AWS is known. Unless it is complete, there may be more stages.',
    }),
  }),
});

const ApiStageFilter = builder.inputType('ApiStageFilter', {
  description: 'Conditions for stages, all of which must hold.',
  fields: (t) => ({
    accounts: t.stringList(PLACE_FILTER.accounts),
    regions: t.stringList(PLACE_FILTER.regions),
    certificateSource: t.field({
      type: [StageCertificateSource],
      required: false,
      description: 'The certificate is managed in one of these places.',
    }),
    clientCertificate: t.id({
      required: false,
      description:
        "Uses this client certificate: the global id, the ARN, or AWS's own id. It need not exist any more.",
    }),
    clientCertificateStatus: t.field({
      type: [ClientCertificateStatus],
      required: false,
      description: 'Uses a client certificate with one of these. All certificates are read for that.',
    }),
    danglingReference: t.boolean({
      required: false,
      description:
        'Whether its client certificate does not exist any more. All certificates are read for that.',
    }),
  }),
});

builder.queryField('apiStages', (t) =>
  t.field({
    type: ApiStageConnection,
    description:
      'The stages of all REST and WebSocket APIs, as far as the service has read them. AWS is asked about ' +
      'no stage for it.',
    extensions: { directives: { listSize: PAGE } },
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: ApiStageFilter, required: false, description: 'Which ones.' }),
    },
    resolve: (_, args, { apiStages }) => apiStages.list(args),
  }),
);
