import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Exchange, HttpRequest } from '../../exchange.ts';
import type { MaybePromise } from '../../maybe-promise.ts';

/**
 * Makes a span per operation, as a child of the request's W3C trace context; AWS calls are its children.
 * Costs next to nothing unless an OpenTelemetry SDK is loaded
 * (https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/).
 */
export function inSpan<R>(exchange: Exchange, run: () => MaybePromise<R>): MaybePromise<R> {
  const parent = propagation.extract(context.active(), exchange.request, HEADERS);
  const span = trace.getTracer('certway').startSpan('GraphQL', { kind: SpanKind.SERVER }, parent);
  if (!trace.isSpanContextValid(span.spanContext())) return run(); // no SDK is loaded
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await run();
    } finally {
      const { type, name, errors = [] } = exchange.operation ?? {};
      if (type) {
        span.updateName(name ? `${type} ${name}` : type);
        span.setAttributes({
          'graphql.operation.type': type,
          ...(name && { 'graphql.operation.name': name }),
        });
      }
      if (errors.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
  });
}

const HEADERS = {
  get: (request: HttpRequest, name: string) => request.header(name.toLowerCase()),
  keys: (request: HttpRequest) => Object.keys(request.headers()),
};
