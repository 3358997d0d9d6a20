import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Metrics } from '../metrics.ts';

/** Counts operations, and answers Prometheus at `/metrics`. */
export function useMetrics(metrics: Metrics): Plugin {
  const operations = new WeakMap<Request, { startedAtMs: number; name?: string | undefined }>();
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      operations.set(request, { startedAtMs: performance.now() });
      if (url.pathname !== '/metrics' || request.method !== 'GET') return;
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
