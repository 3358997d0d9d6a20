import type { Database } from './database.ts';
import { createDocumentTable, type Documents } from './documents.ts';

/** Documents have the members of AWS's JSON, with dates in ISO 8601. */
export type Api = {
  apiId: string;
  name: string;
  protocolType: 'HTTP' | 'WEBSOCKET';
  description?: string | undefined;
  version?: string | undefined;
  createdDate: string;
  apiEndpoint: string;
  apiKeySelectionExpression: string;
  routeSelectionExpression: string;
  disableExecuteApiEndpoint: boolean;
  ipAddressType: string;
  tags: Record<string, string>;
};

/** A structure that the emulator keeps but does not use. */
export type Members = Record<string, unknown>;

export type V2Stage = {
  stageName: string;
  /** True for a `$default` stage that API Gateway made. It cannot be changed. */
  apiGatewayManaged?: boolean | undefined;
  autoDeploy?: boolean | undefined;
  clientCertificateId?: string | undefined;
  deploymentId?: string | undefined;
  description?: string | undefined;
  accessLogSettings?: Members | undefined;
  defaultRouteSettings: Members;
  routeSettings: Record<string, Members>;
  stageVariables: Record<string, string>;
  tags: Record<string, string>;
  createdDate: string;
  lastUpdatedDate: string;
};

/** WebSocket and HTTP APIs and their stages. The parent is the id of the API. */
export type V2ApiStore = { apis: Documents<Api>; stages: Documents<V2Stage> };

export function createV2ApiTables(db: Database): { of(namespace: string): V2ApiStore } {
  const apis = createDocumentTable<Api>(db, 'v2_apis');
  const stages = createDocumentTable<V2Stage>(db, 'v2_stages');
  return { of: (namespace) => ({ apis: apis.of(namespace), stages: stages.of(namespace) }) };
}
