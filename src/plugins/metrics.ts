import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Metrics } from '../metrics.ts';
import type { Scope, Viewer } from '../viewer.ts';
import { refusal } from './refusal.ts';

const READ: Scope = 'client-certificates:read';

/** Counts operations, and answers Prometheus at `/metrics`, which names the certificates: who may read them may read it. */
export function useMetrics(metrics: Metrics, viewerOf: (request: Request) => Viewer): Plugin {
  const operations = new WeakMap<Request, { startedAtMs: number; name?: string | undefined }>();
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      operations.set(request, { startedAtMs: performance.now() });
      if (url.pathname !== '/metrics' || request.method !== 'GET') return;
      if (!viewerOf(request).scopes.has(READ))
        return endResponse(refusal(fetchAPI, 403, 'FORBIDDEN', `The scope ${READ} is missing.`));
      const headers = { 'content-type': metrics.contentType };
      endResponse(new fetchAPI.Response(await metrics.text(), { headers }));
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      const operation = operations.get(contextValue.request);
      if (operation) operation.name = getOperationAST(document, operationName)?.name?.value;
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
