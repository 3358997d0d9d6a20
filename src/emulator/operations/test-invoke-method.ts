import { randomUUID } from 'node:crypto';
import type { TestInvokeMethodRequest, TestInvokeMethodResponse } from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../account-region.ts';
import { chosen, recorded } from '../errors/rest-apis.ts';
import type { MethodRequest } from '../execution/backend-request.ts';
import { callIntegration } from '../execution/call-integration.ts';
import { toExecutionError } from '../execution/execution-error.ts';
import { matchPath } from '../execution/match.ts';
import { decodeLabel } from '../request.ts';
import { parseTarget } from '../target.ts';
import { findCertificate } from './client-certificates.ts';
import { createExecutionLog, type ExecutionLog } from './execution-log.ts';
import { findMethod, findResource } from './resources.ts';

/** The rest of a longer body is left out. AWS does not document its limit. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Calls the backend of a method as it is now, deployed or not, with the certificate that the
 * request names. If the backend fails, the answer has the status 500 or 504, and its log says why.
 * The call ends when `signal` is aborted.
 */
export async function testInvokeMethod(
  accountRegion: AccountRegion,
  input: TestInvokeMethodRequest,
  signal: AbortSignal,
): Promise<TestInvokeMethodResponse> {
  const { restApiId = '', resourceId = '', httpMethod = '', clientCertificateId } = input;
  const resource = findResource(accountRegion, restApiId, resourceId);
  const { methodIntegration } = findMethod(resource, httpMethod);
  if (!methodIntegration) throw recorded.noIntegration();
  if (clientCertificateId !== undefined) findCertificate(accountRegion, clientCertificateId);
  const url = parseTarget(input.pathWithQueryString ?? resource.path, 'http://api');
  if (!url) throw chosen.pathWithQueryString();
  const request = {
    method: httpMethod === 'ANY' ? 'GET' : httpMethod,
    headers: headersOf(input),
    search: url.search,
    parameters: matchPath([resource], url.pathname)?.parameters ?? {},
    stageVariables: input.stageVariables ?? {},
    body: Buffer.from(input.body ?? ''),
  };
  const startedAtMs = performance.now();
  const log = createExecutionLog(randomUUID(), accountRegion.now);
  log.request(decodeLabel(url.pathname), request);
  const answer = await callIntegration(accountRegion, methodIntegration, request, clientCertificateId, signal)
    .then(async ({ body, ...rest }) => ({ ...rest, text: await textOf(body) }))
    .catch((error) => failed(log, error));
  const latency = Math.round(performance.now() - startedAtMs);
  log.answer(answer, latency);
  return {
    status: answer.status,
    body: answer.text,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, values]) => [name, values.join(',')]),
    ),
    multiValueHeaders: answer.headers,
    log: log.text(),
    latency,
  };
}

function failed(log: ExecutionLog, error: unknown) {
  const { status, errorType, message, logLines } = toExecutionError(error);
  for (const line of logLines) log.line(line);
  const headers: Record<string, string[]> = { 'x-amzn-ErrorType': [errorType] };
  return { status, headers, text: JSON.stringify({ message }), url: undefined, hasFailed: true };
}

function headersOf({
  headers = {},
  multiValueHeaders = {},
}: TestInvokeMethodRequest): MethodRequest['headers'] {
  const single = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]] as const);
  const several = Object.entries(multiValueHeaders).map(
    ([name, values]) => [name.toLowerCase(), values] as const,
  );
  return Object.fromEntries([...single, ...several]);
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString();
}
