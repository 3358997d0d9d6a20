import type {
  AccessLogSettings,
  EndpointConfiguration,
  Integration,
  Method,
  MethodSetting,
} from '@aws-sdk/client-api-gateway';
import type { Database } from './database.ts';
import { createDocumentTable, type Documents } from './documents.ts';

/** Documents have the members of AWS's JSON, with dates in epoch seconds. */
export type RestApi = {
  id: string;
  name: string;
  description?: string | undefined;
  version?: string | undefined;
  createdDate: number;
  rootResourceId: string;
  apiKeySource: string;
  binaryMediaTypes?: string[] | undefined;
  disableExecuteApiEndpoint: boolean;
  endpointConfiguration: EndpointConfiguration;
  minimumCompressionSize?: number | undefined;
  policy?: string | undefined;
  tags?: Record<string, string> | undefined;
};

export type StoredMethod = Omit<Method, 'methodIntegration'> & { methodIntegration?: Integration };

export type Resource = {
  id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  resourceMethods?: Record<string, StoredMethod>;
};

export type Deployment = { id: string; description?: string | undefined; createdDate: number };

export type Stage = {
  stageName: string;
  deploymentId: string;
  description?: string | undefined;
  /** The id of a certificate, which may have been deleted, or the ARN of an ACM certificate. */
  clientCertificateId?: string | undefined;
  cacheClusterEnabled: boolean;
  cacheClusterSize?: string | undefined;
  cacheClusterStatus: 'AVAILABLE' | 'NOT_AVAILABLE';
  methodSettings: Record<string, MethodSetting>;
  variables?: Record<string, string> | undefined;
  documentationVersion?: string | undefined;
  accessLogSettings?: AccessLogSettings | undefined;
  tracingEnabled: boolean;
  tags?: Record<string, string> | undefined;
  createdDate: number;
  lastUpdatedDate: number;
};

/** REST APIs and what belongs to them. The parent is the id of the API. */
export type RestApiStore = {
  apis: Documents<RestApi>;
  resources: Documents<Resource>;
  deployments: Documents<Deployment>;
  /** The resources as they were when they were deployed, by the id of the deployment. */
  deployedResources: Documents<Resource[]>;
  stages: Documents<Stage>;
};

export function createRestApiTables(db: Database) {
  const apis = createDocumentTable<RestApi>(db, 'rest_apis');
  const resources = createDocumentTable<Resource>(db, 'rest_resources');
  const deployments = createDocumentTable<Deployment>(db, 'rest_deployments');
  const deployedResources = createDocumentTable<Resource[]>(db, 'rest_deployed_resources');
  const stages = createDocumentTable<Stage>(db, 'rest_stages');
  db.exec('CREATE INDEX IF NOT EXISTS rest_stages_of_all ON rest_stages (parent, id)');
  const namespaces = db.prepare(
    'SELECT namespace FROM rest_stages WHERE parent = ? AND id = ? ORDER BY namespace',
  );
  return {
    of: (namespace: string): RestApiStore => ({
      apis: apis.of(namespace),
      resources: resources.of(namespace),
      deployments: deployments.of(namespace),
      deployedResources: deployedResources.of(namespace),
      stages: stages.of(namespace),
    }),
    namespacesWithStage: (apiId: string, stageName: string): string[] =>
      namespaces.all(apiId, stageName).map((row) => String(row['namespace'])),
  };
}
