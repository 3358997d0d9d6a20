import type { IncomingMessage } from 'node:http';
import type { Integration } from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../account-region.ts';
import type { Identity } from '../backends/backends.ts';
import { backendHeaders, backendUrl, type MethodRequest, passedOn } from './backend-request.ts';
import { execution, toExecutionError } from './execution-error.ts';

/** The backend's response. That of a mock has no body. */
export type IntegrationResponse = {
  status: number;
  headers: Record<string, string[]>;
  body: AsyncIterable<Buffer>;
  /** The URL that was called. Undefined for a mock. */
  url: URL | undefined;
};

/**
 * Calls the backend of an integration with this certificate. HTTP integrations work like
 * HTTP_PROXY, since the emulator has no integration responses. Rejects with an `ExecutionError`,
 * also if `signal` is aborted.
 */
export async function callIntegration(
  accountRegion: AccountRegion,
  integration: Integration,
  request: MethodRequest,
  clientCertificateId: string | undefined,
  signal?: AbortSignal,
): Promise<IntegrationResponse> {
  if (integration.type === 'MOCK') return mock(integration);
  const url = backendUrl(integration, request);
  if (!url) throw execution.configuration('Invalid endpoint address', `${integration.uri} is no URL`);
  const { httpMethod = 'ANY', tlsConfig, timeoutInMillis = 29_000 } = integration;
  const identity = identityOf(accountRegion, clientCertificateId);
  const response = await accountRegion
    .callBackend({
      url,
      method: httpMethod === 'ANY' ? request.method : httpMethod,
      headers: backendHeaders(request),
      body: request.body,
      identity,
      insecureSkipVerification: tlsConfig?.insecureSkipVerification ?? false,
      timeoutMs: timeoutInMillis,
      signal,
    })
    .catch((error) => {
      throw toExecutionError(error);
    });
  return { status: response.statusCode ?? 502, headers: headersOf(response), body: response, url };
}

/**
 * What AWS does if the certificate does not exist is not known. Here the call fails, and the log
 * says why.
 */
function identityOf({ store }: AccountRegion, id: string | undefined): Identity | undefined {
  if (id === undefined) return undefined;
  const certificate = store.certificates.get(id)?.pem;
  const privateKey = store.certificates.privateKeyOf(id);
  if (certificate === undefined || privateKey === undefined)
    throw execution.configuration(`The emulator has no client certificate ${id} with a private key`);
  return { certificate, privateKey };
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string[]> {
  const all = Object.entries(headersDistinct).map(([name, values = []]) => [name, values]);
  return passedOn(Object.fromEntries(all));
}

/** The status is in the mapping template for JSON: `{ "statusCode": 200 }`. */
function mock({ requestTemplates = {} }: Integration): IntegrationResponse {
  const template = requestTemplates['application/json'] ?? '';
  const status = Number(/"statusCode"\s*:\s*(\d{3})\b/.exec(template)?.[1] ?? 200);
  return { status, headers: { 'content-type': ['application/json'] }, body: nothing(), url: undefined };
}

async function* nothing(): AsyncGenerator<Buffer> {}
