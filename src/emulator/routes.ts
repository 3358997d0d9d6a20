import { clientCertificateRoutes } from './routes/client-certificates.ts';
import { resourceRoutes } from './routes/resources.ts';
import { restApiRoutes } from './routes/rest-apis.ts';
import { stageRoutes } from './routes/stages.ts';
import { tagRoutes, v2TagRoutes } from './routes/tags.ts';
import { v2ApiRoutes } from './routes/v2-apis.ts';

/**
 * All emulated operations (https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html).
 */
export const routes = [
  ...clientCertificateRoutes,
  ...tagRoutes,
  ...restApiRoutes,
  ...resourceRoutes,
  ...stageRoutes,
  ...v2ApiRoutes,
  ...v2TagRoutes,
];
