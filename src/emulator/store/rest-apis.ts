import type {
  AccessLogSettings,
  EndpointConfiguration,
  Integration,
  Method,
  MethodSetting,
} from '@aws-sdk/client-api-gateway';
import type { Database } from './database.ts';
import { createDocuments, type Documents } from './documents.ts';

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

export const createRestApiStore = (db: Database): RestApiStore => ({
  apis: createDocuments(db, 'rest_apis'),
  resources: createDocuments(db, 'rest_resources'),
  deployments: createDocuments(db, 'rest_deployments'),
  deployedResources: createDocuments(db, 'rest_deployed_resources'),
  stages: createDocuments(db, 'rest_stages'),
});
