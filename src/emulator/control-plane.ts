import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccountRegions } from './account-regions.ts';
import type { Authentication, Caller } from './authentication.ts';
import type { ReadWholeBody } from './body.ts';
import { goneSignal } from './client-gone.ts';
import { AwsError, chosen, recorded } from './errors.ts';
import type { Answer, FaultOf } from './fault.ts';
import { parseBody } from './request.ts';
import { respond } from './respond.ts';
import { type FoundRoute, findRoute } from './routes.ts';

/** What all services of the emulator need to answer a request. */
export type ServiceParts = {
  authentication: Authentication;
  checkClient: (message: IncomingMessage) => void;
  readBody: ReadWholeBody;
  fault: FaultOf;
  now: () => Date;
};

type Parts = ServiceParts & {
  accountRegions: AccountRegions;
  /** Settled when everything is there that exists from the start. */
  ready: Promise<unknown>;
};

/** The control plane of API Gateway and API Gateway V2. */
export function createControlPlane(parts: Parts) {
  const { accountRegions, authentication, checkClient, readBody, fault, now, ready } = parts;

  /**
   * The order of the checks is: page, credentials, size, signature, throttle, route, input,
   * operation.
   */
  async function operate(
    message: IncomingMessage,
    response: ServerResponse,
    url: URL,
    caller: Caller,
    found: FoundRoute | undefined,
  ): Promise<Answer> {
    const { authorization, accept = '' } = message.headers;
    checkClient(message);
    if (authorization === undefined) throw recorded.missingAuthenticationToken();
    const bytes = await readBody(message, response);
    authentication.check(caller, 'apigateway', message, url, bytes);
    if (!accountRegions.mayPass(caller.accountRegion, found?.route.operation, now().getTime()))
      throw recorded.throttled();
    if (!found) throw chosen.unknownRoute();
    const { route, labels } = found;
    const signal = goneSignal(response);
    const request = { labels, query: url.searchParams, body: parseBody(bytes), signal };
    await ready;
    const accountRegion = accountRegions.of(caller.accountRegion);
    const body = await route.answer(accountRegion, request, url, accept.includes('application/json'));
    return { status: route.status, headers: {}, body };
  }

  return (message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const found = findRoute(message.method, url.pathname);
    const caller = authentication.callerOf(message);
    const injected = found && fault(found.route.operation, found.labels, caller.accountRegion);
    return respond(response, injected, () => operate(message, response, url, caller, found), toAnswer, {
      date: now().toUTCString(), // the SDKs correct their clocks by it
      'x-amzn-requestid': randomUUID(),
      'x-amz-apigw-id': `${randomBytes(11).toString('base64url')}=`,
    });
  };
}

/** Any error but an `AwsError` is a defect of the emulator, and looks like a failure of AWS. */
export function toAnswer(error: unknown): Answer {
  const { status, errorType, body } = error instanceof AwsError ? error : chosen.internal(error);
  return { status, headers: { 'x-amzn-errortype': errorType }, body };
}
