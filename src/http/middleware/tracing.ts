import {
  context,
  ProxyTracerProvider,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Exchange, HttpRequest } from '../../exchange.ts';
import type { MaybePromise } from '../../maybe-promise.ts';

/**
 * Makes a span per operation, as a child of the request's W3C trace context; AWS calls are its children.
 * Costs next to nothing unless an OpenTelemetry SDK is loaded
 * (https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/).
 */
export function inSpan<R>(exchange: Exchange, run: () => MaybePromise<R>): MaybePromise<R> {
  const tracer = tracerOfSdk();
  if (!tracer) return run();
  const parent = propagation.extract(context.active(), exchange.request, HEADERS);
  const span = tracer.startSpan('GraphQL', { kind: SpanKind.SERVER }, parent);
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

/** Undefined if no SDK is loaded. */
function tracerOfSdk(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer('certway')
    : provider.getTracer('certway');
}

const HEADERS = {
  get: (request: HttpRequest, name: string) => request.header(name.toLowerCase()),
  keys: (request: HttpRequest) => Object.keys(request.headers()),
};
