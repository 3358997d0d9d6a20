import type { Labels } from './request.ts';
import type { Route } from './route.ts';
import { clientCertificateRoutes } from './routes/client-certificates.ts';
import { resourceRoutes } from './routes/resources.ts';
import { restApiRoutes } from './routes/rest-apis.ts';
import { stageRoutes } from './routes/stages.ts';
import { tagRoutes, v2TagRoutes } from './routes/tags.ts';
import { v2ApiRoutes } from './routes/v2-apis.ts';

/**
 * All emulated operations (https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html).
 */
const routes: Route[] = [
  ...clientCertificateRoutes,
  ...tagRoutes,
  ...restApiRoutes,
  ...resourceRoutes,
  ...stageRoutes,
  ...v2ApiRoutes,
  ...v2TagRoutes,
];

/** A route, and the labels in the path that it was found by. */
export type FoundRoute = { route: Route; labels: Labels };

export function findRoute(method: string | undefined, path: string): FoundRoute | undefined {
  for (const route of routes) {
    const labels = route.method === method ? route.match(path) : undefined;
    if (labels) return { route, labels };
  }
  return undefined;
}
