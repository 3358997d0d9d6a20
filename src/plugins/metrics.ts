import type { Plugin } from 'graphql-yoga';
import { ForbiddenError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { Scope, Viewer } from '../viewer.ts';
import type { Operations } from './operations.ts';
import { refusal } from './refusal.ts';
import type { RequestIds } from './request-id.ts';

const READ: Scope = 'client-certificates:read';

export type MetricsOptions = {
  metrics: Metrics;
  operations: Operations;
  viewerOf: (request: Request) => Viewer;
  requestIds: RequestIds;
};

/** Counts operations, and answers Prometheus at `/metrics`, which names the certificates: who may read them may read it. */
export function useMetrics({ metrics, operations, viewerOf, requestIds }: MetricsOptions): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/metrics' || request.method !== 'GET') return;
      if (!viewerOf(request).scopes.has(READ))
        return endResponse(refusal(fetchAPI, 403, new ForbiddenError(READ), requestIds(request)));
      const headers = { 'content-type': metrics.contentType };
      endResponse(new fetchAPI.Response(await metrics.text(), { headers }));
    },
    onResultProcess({ request, result }) {
      const operation = operations.get(request);
      if (!operation || Array.isArray(result) || Symbol.asyncIterator in result) return;
      const [error] = result.errors ?? [];
      metrics.operation({
        name: operation.name,
        outcome: error ? String(error.extensions['code']) : 'ok',
        durationMs: performance.now() - operation.startedAtMs,
      });
    },
  };
}
