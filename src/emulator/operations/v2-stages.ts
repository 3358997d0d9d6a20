import { type AccountRegion, isoSeconds } from '../account-region.ts';
import { chosen } from '../errors/v2-apis.ts';
import { checkFaultTag } from '../fault.ts';
import type { Api, Members, V2Stage } from '../store/v2-apis.ts';
import { checkTags } from './rules.ts';
import { type TokenPageRequest, tokenPageOf } from './token-pages.ts';
import { getApi } from './v2-apis.ts';

/** AWS's default quota for the stages of an API. */
const MAX_STAGES = 10;

const STAGE_NAME = /^([a-zA-Z0-9_-]{1,128}|\$default)$/;

/** The members that CreateStage and UpdateStage have in common. */
export type StageChange = {
  accessLogSettings: Members | undefined;
  autoDeploy: boolean | undefined;
  clientCertificateId: string | undefined;
  defaultRouteSettings: Members | undefined;
  deploymentId: string | undefined;
  description: string | undefined;
  routeSettings: Record<string, Members> | undefined;
  stageVariables: Record<string, string> | undefined;
};

export function createStage(
  accountRegion: AccountRegion,
  apiId: string,
  stageName: string,
  change: StageChange,
  tags: Record<string, string>,
): V2Stage {
  const api = getApi(accountRegion, apiId);
  const { stages } = accountRegion.store.v2Apis;
  if (!STAGE_NAME.test(stageName)) throw chosen.stageName();
  checkTags(tags, tags, chosen.tooManyTags);
  if (stages.get(apiId, stageName)) throw chosen.stageExists();
  if (stages.count(apiId) >= MAX_STAGES) throw chosen.stageQuota();
  const empty = emptyStage(stageName, isoSeconds(accountRegion.now()));
  const stage = { ...stageAfter(accountRegion, api, empty, change), tags };
  stages.insert(apiId, stageName, stage);
  return stage;
}

/** A stage without settings, variables or tags has empty objects, as on AWS. */
export const emptyStage = (stageName: string, createdDate: string): V2Stage => ({
  stageName,
  defaultRouteSettings: { detailedMetricsEnabled: false },
  routeSettings: {},
  stageVariables: {},
  tags: {},
  createdDate,
  lastUpdatedDate: createdDate,
});

export function getStages(accountRegion: AccountRegion, apiId: string, request: TokenPageRequest) {
  getApi(accountRegion, apiId);
  const { stages } = accountRegion.store.v2Apis;
  return tokenPageOf(
    request,
    (limit, afterName) => stages.page(apiId, limit, afterName),
    ({ stageName }) => stageName,
  );
}

export function getStage(accountRegion: AccountRegion, apiId: string, stageName: string): V2Stage {
  getApi(accountRegion, apiId);
  const stage = accountRegion.store.v2Apis.stages.get(apiId, stageName);
  if (!stage) throw chosen.stageNotFound();
  return stage;
}

export function updateStage(
  accountRegion: AccountRegion,
  apiId: string,
  stageName: string,
  change: StageChange,
): V2Stage {
  const before = getStage(accountRegion, apiId, stageName);
  checkFaultTag(before.tags);
  if (before.apiGatewayManaged) throw chosen.managedStage();
  const after = stageAfter(accountRegion, getApi(accountRegion, apiId), before, change);
  const updated = { ...after, lastUpdatedDate: isoSeconds(accountRegion.now()) };
  accountRegion.store.v2Apis.stages.set(apiId, stageName, updated);
  return updated;
}

export function deleteStage(accountRegion: AccountRegion, apiId: string, stageName: string): void {
  checkFaultTag(getStage(accountRegion, apiId, stageName).tags);
  accountRegion.store.v2Apis.stages.delete(apiId, stageName);
}

/**
 * Applies a request to a stage. Members that the request leaves out stay as they are, an empty
 * `clientCertificateId` detaches the certificate, and an empty `description` changes nothing:
 * go-to-k/cdkd, docs/changelog-cdkd.md, a probe of AWS. The emulator chose to merge variables and
 * route settings one by one, and to remove a variable with an empty value.
 */
function stageAfter(accountRegion: AccountRegion, api: Api, stage: V2Stage, change: StageChange): V2Stage {
  const { clientCertificateId = stage.clientCertificateId } = change;
  if (change.clientCertificateId) checkCertificate(accountRegion, api, change.clientCertificateId);
  return {
    ...stage,
    clientCertificateId: clientCertificateId || undefined,
    description: change.description || stage.description,
    autoDeploy: change.autoDeploy ?? stage.autoDeploy,
    deploymentId: change.deploymentId ?? stage.deploymentId,
    accessLogSettings: change.accessLogSettings ?? stage.accessLogSettings,
    defaultRouteSettings: { ...stage.defaultRouteSettings, ...change.defaultRouteSettings },
    routeSettings: { ...stage.routeSettings, ...change.routeSettings },
    stageVariables: withoutEmpty({ ...stage.stageVariables, ...change.stageVariables }),
  };
}

function checkCertificate({ store }: AccountRegion, { protocolType }: Api, id: string): void {
  if (protocolType === 'HTTP') throw chosen.certificateOfHttpApi();
  if (!store.certificates.get(id)) throw chosen.certificateNotFound();
}

const withoutEmpty = (variables: Record<string, string>) =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
