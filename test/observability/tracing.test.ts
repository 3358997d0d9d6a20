import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { runService } from '../support/running-service.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
beforeEach(() => exporter.reset());
afterAll(async () => {
  for (const api of [trace, context, propagation]) api.disable();
  await provider.shutdown();
});

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';
const TRACEPARENT = { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`, tracestate: 'vendor=1' };
const LIST = 'query List { clientCertificates { nodes { id } } }';
const THROTTLED: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'hush-aws'),
};

/** The service, whose expiration poller has finished its first reading. */
async function start() {
  const service = await runService();
  await expect.poll(() => service.calls.length, { timeout: 10_000 }).toBe(1);
  await expect.poll(() => exporter.getFinishedSpans().length, { timeout: 10_000 }).toBe(1);
  exporter.reset();
  service.calls.length = 0;
  return service;
}

/** The finished spans of the trace of the request, by name. */
const spans = () => exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === TRACE_ID);
const spanOf = (name: string): ReadableSpan => {
  const [span] = spans().filter((candidate) => candidate.name === name);
  if (!span) throw new Error(`There is no span ${name}.`);
  return span;
};

test('an operation is a span below that of its client, and its AWS calls are its children', async () => {
  const { post } = await start();
  expect((await post(LIST, { headers: TRACEPARENT })).status).toBe(200);
  const [operation, call] = [spanOf('query List'), spanOf('GetClientCertificates')];
  expect(spans()).toHaveLength(2);
  expect(operation).toMatchObject({
    kind: SpanKind.SERVER,
    status: { code: SpanStatusCode.UNSET },
    parentSpanContext: { spanId: PARENT_ID, isRemote: true },
    attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'List' },
  });
  expect(call).toMatchObject({
    kind: SpanKind.CLIENT,
    status: { code: SpanStatusCode.UNSET },
    parentSpanContext: { spanId: operation.spanContext().spanId },
  });
});

test('AWS gets the context of the call, in a request with a valid signature', async () => {
  const { calls, post } = await start();
  await post(LIST, { headers: TRACEPARENT });
  const { spanId } = spanOf('GetClientCertificates').spanContext();
  expect(calls).toMatchObject([
    { headers: { traceparent: `00-${TRACE_ID}-${spanId}-01`, tracestate: 'vendor=1' } },
  ]);
});

test('lookups that are gathered into one call are below their operation', async () => {
  const { post } = await start();
  await post('query Look { a: clientCertificate(id: "a") { id } b: clientCertificate(id: "b") { id } }', {
    headers: TRACEPARENT,
  });
  const { spanId } = spanOf('query Look').spanContext();
  expect(spanOf('GetClientCertificates')).toMatchObject({ parentSpanContext: { spanId } });
});

test('concurrent operations have separate spans', async () => {
  const { post } = await start();
  const names = Array.from({ length: 20 }, (_, i) => `Op${i}`);
  await Promise.all(
    names.map((name) =>
      post(`mutation ${name} { generateClientCertificate(input: {}) { __typename } }`, {
        headers: TRACEPARENT,
      }),
    ),
  );
  const operations = new Set(names.map((name) => spanOf(`mutation ${name}`).spanContext().spanId));
  const parents = spans()
    .filter(({ name }) => name === 'GenerateClientCertificate')
    .map(({ parentSpanContext }) => parentSpanContext?.spanId);
  expect(new Set(parents)).toEqual(operations);
});

test('without a context, or with a broken one, an operation begins a trace', async () => {
  const { post } = await start();
  for (const traceparent of ['', 'rubbish', `00-${'0'.repeat(32)}-${PARENT_ID}-01`]) {
    exporter.reset();
    await post('mutation { deleteClientCertificate(input: { id: "a", evenIfUsed: true }) { __typename } }', {
      headers: traceparent ? { traceparent } : {},
    });
    const [call, operation] = exporter.getFinishedSpans();
    expect(operation).toMatchObject({ name: 'mutation', parentSpanContext: undefined });
    expect(call?.parentSpanContext?.spanId).toBe(operation?.spanContext().spanId);
  }
});

test('a failure is the status of the call and of the operation, and retries are in one span', async () => {
  const { calls, fail, post } = await start();
  fail(() => THROTTLED);
  await post(LIST, { headers: TRACEPARENT });
  expect(calls).toHaveLength(3);
  expect(spans()).toHaveLength(2);
  expect(spanOf('GetClientCertificates').status).toEqual({
    code: SpanStatusCode.ERROR,
    message: 'UpstreamError',
  });
  expect(spanOf('query List').status).toMatchObject({ code: SpanStatusCode.ERROR });
});

test("spans contain nothing of arguments, variables, certificates or AWS's messages", async () => {
  const { fail, post } = await start();
  const query =
    'mutation M($d: String) { generateClientCertificate(input: { description: $d, tags: [{ key: "k", value: "hush-tag" }] }) ' +
    '{ ... on GenerateClientCertificatePayload { clientCertificate { pemEncodedCertificate } } } }';
  const body = JSON.stringify({ query, variables: { d: 'hush-description' } });
  await post('', { headers: { ...TRACEPARENT, authorization: 'Bearer hush-token' }, body });
  fail(() => THROTTLED);
  await post('{ clientCertificate(id: "hush") { id } }', { headers: TRACEPARENT });
  expect(spans()).toHaveLength(4);
  for (const { name, attributes, events, status, links } of spans())
    expect(JSON.stringify({ name, attributes, events, status, links })).not.toMatch(/hush|CERTIFICATE-----/);
});
