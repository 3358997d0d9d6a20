import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * A span for each operation, under the one whose W3C context came with the request; the calls of AWS are its children.
 * Costs next to nothing unless an OpenTelemetry SDK is loaded
 * (https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/).
 */
export function useTracing(): Plugin {
  const tracer = trace.getTracer('certway');
  return {
    onExecute({ args: { document, operationName, contextValue }, executeFn, setExecuteFn }) {
      const operation = getOperationAST(document, operationName);
      const type = operation?.operation ?? 'query';
      const name = operation?.name?.value;
      const headers: Headers = contextValue.request.headers;
      const parent = propagation.extract(context.active(), headers, {
        get: (carrier, key) => carrier.get(key) ?? undefined,
        keys: (carrier) => [...carrier.keys()],
      });
      const options = {
        kind: SpanKind.SERVER,
        attributes: { 'graphql.operation.type': type, ...(name && { 'graphql.operation.name': name }) },
      };
      setExecuteFn((args) =>
        tracer.startActiveSpan(name ? `${type} ${name}` : type, options, parent, async (span) => {
          try {
            const result = await executeFn(args);
            if ('errors' in result && result.errors?.length) span.setStatus({ code: SpanStatusCode.ERROR });
            return result;
          } finally {
            span.end();
          }
        }),
      );
    },
  };
}
