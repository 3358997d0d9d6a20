import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ReadBody } from '../../http-limits/request-bodies.ts';
import type { AccountRegion } from '../account-region.ts';
import type { AccountRegions } from '../account-regions.ts';
import { checkArrived } from '../body.ts';
import { goneSignal } from '../client-gone.ts';
import { ownValue } from '../own-value.ts';
import { decodeLabel } from '../request.ts';
import type { Resource, Stage } from '../store/rest-apis.ts';
import { VIA } from './backend-request.ts';
import { callIntegration } from './call-integration.ts';
import { ExecutionError, execution } from './execution-error.ts';
import { matchPath } from './match.ts';

/** AWS's quota for the payload of requests and responses. */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;

/** The most calls at the same time, with a payload each. AWS limits requests per second instead. */
const MAX_CALLS = 32;

const PATH = /^\/_aws\/execute-api\/([^/]+)\/([^/]+)(\/.*)?$/;

export const isExecution = (url: URL): boolean => PATH.test(url.pathname);

/**
 * Answers requests for `/_aws/execute-api/API/STAGE/PATH`: calls the integration that was deployed
 * to a stage of a REST API, with the certificate that the stage has now. The requests are not
 * signed, so that the API is found by its id in any account and region.
 */
export function createExecution(accountRegions: AccountRegions, readBody: ReadBody) {
  let calls = 0;

  return async (message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    response.setHeader('x-amzn-requestid', randomUUID());
    if (calls >= MAX_CALLS) return refuse(response, execution.throttled());
    calls += 1;
    try {
      await execute(accountRegions, readBody, message, response, url);
    } catch (error) {
      if (!(error instanceof ExecutionError))
        response.destroy(); // the client or the backend has left
      else refuse(response, error);
    } finally {
      calls -= 1;
    }
  };
}

async function execute(
  accountRegions: AccountRegions,
  readBody: ReadBody,
  message: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, apiId = '', stageName = '', path = '/'] = PATH.exec(url.pathname) ?? [];
  if (message.headers.via?.includes(VIA)) throw execution.loop();
  const body = await readBody(message, response, MAX_PAYLOAD_BYTES);
  if (!body) throw execution.tooLong(MAX_PAYLOAD_BYTES);
  checkArrived(message);
  const { accountRegion, stage, resources } = deployed(accountRegions, apiId, decodeLabel(stageName));
  const match = matchPath(resources, path);
  const methods = match?.resource.resourceMethods ?? {};
  const { methodIntegration } = ownValue(methods, message.method ?? '') ?? methods['ANY'] ?? {};
  if (!match || !methodIntegration) throw execution.missingAuthenticationToken();
  const request = {
    method: message.method ?? 'GET',
    headers: distinct(message),
    search: url.search,
    parameters: match.parameters,
    stageVariables: stage.variables ?? {},
    body,
  };
  const { clientCertificateId } = stage;
  const answer = await callIntegration(
    accountRegion,
    methodIntegration,
    request,
    clientCertificateId,
    goneSignal(response),
  );
  response.statusCode = answer.status;
  for (const [name, values] of Object.entries(answer.headers)) response.setHeader(name, values);
  await pipeline(answer.body, bounded, response);
}

function deployed(
  accountRegions: AccountRegions,
  apiId: string,
  stageName: string,
): { accountRegion: AccountRegion; stage: Stage; resources: Resource[] } {
  const accountRegion = accountRegions.withStage(apiId, stageName);
  const { stages, deployedResources } = accountRegion?.store.restApis ?? {};
  const stage = stages?.get(apiId, stageName);
  if (!accountRegion || !stage) throw execution.forbidden();
  return { accountRegion, stage, resources: deployedResources?.get(apiId, stage.deploymentId) ?? [] };
}

/** Throws, which closes the client's connection, if a response is too long. */
async function* bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MAX_PAYLOAD_BYTES) throw new Error('The response of the backend is too long.');
    yield chunk;
  }
}

function refuse(response: ServerResponse, { status, errorType, message, logLines }: ExecutionError): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': errorType });
  response.end(JSON.stringify({ message, ...(logLines.length > 0 && { log: logLines }) }));
}

const distinct = ({ headersDistinct }: IncomingMessage): Record<string, string[]> =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values]));
