import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../authentication.ts';
import type { ServiceParts } from '../control-plane.ts';
import { errorMembers, recorded } from '../errors/sts.ts';
import { AwsError, chosen } from '../errors.ts';
import type { Answer, Format } from '../fault.ts';
import { respond } from '../respond.ts';
import type { Sessions } from '../sessions.ts';
import { assumeRole, type Trust } from './assume-role.ts';
import { getCallerIdentity } from './identity.ts';
import { document } from './xml.ts';

const VERSION = '2011-06-15';

/** API Gateway has nothing at this path. */
export const isSts = ({ method }: IncomingMessage, url: URL): boolean =>
  method === 'POST' && url.pathname === '/';

/**
 * The Security Token Service, by the AWS query protocol: a form in, XML out
 * (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). It has no throttle.
 */
export function createSts({
  authentication,
  checkClient,
  readBody,
  fault,
  now,
  ...parts
}: ServiceParts & { sessions: Sessions; trust: Trust }) {
  const operations = new Map<string, (form: Form, caller: Caller) => object>([
    ['AssumeRole', (form, caller) => assumeRole(form, caller, { ...parts, now })],
    ['GetCallerIdentity', (_, caller) => getCallerIdentity(caller)],
  ]);

  async function read(message: IncomingMessage, response: ServerResponse): Promise<Buffer> {
    checkClient(message);
    if (message.headers.authorization === undefined) throw recorded.missingAuthenticationToken();
    return readBody(message, response);
  }

  return async (message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const requestId = randomUUID();
    const headers = { date: now().toUTCString(), 'x-amzn-requestid': requestId };
    const toAnswer = (error: unknown) => errorAnswer(error, requestId);
    const refuse = (error: unknown) =>
      respond(response, undefined, () => Promise.reject(error), toAnswer, headers);
    const bytes = await read(message, response).catch((error) => void refuse(error));
    if (!bytes) return;
    const form = Object.fromEntries(new URLSearchParams(bytes.toString()));
    const { Action: action = '', Version: version = '' } = form;
    const operation = version === VERSION ? operations.get(action) : undefined;
    if (!operation) return refuse(recorded.invalidAction(action, version));
    const caller = authentication.callerOf(message);
    const injected = fault(`${action} (sts)`, form, caller.accountRegion);
    const operate = async (): Promise<Answer> => {
      authentication.check(caller, 'sts', message, url, bytes);
      return { status: 200, headers: {}, body: operation(form, caller), format: resultOf(action, requestId) };
    };
    return respond(response, injected, operate, toAnswer, headers);
  };
}

type Form = Record<string, string>;

const resultOf = (action: string, requestId: string): Format => ({
  contentType: 'text/xml',
  write: (body) =>
    document(`${action}Response`, {
      [`${action}Result`]: { ...body },
      ResponseMetadata: { RequestId: requestId },
    }),
});

function errorAnswer(error: unknown, requestId: string): Answer {
  const known = error instanceof AwsError ? error : chosen.internal(error);
  return {
    status: known.status,
    headers: {},
    body: errorMembers(known),
    format: {
      contentType: 'text/xml',
      write: (body) => document('ErrorResponse', { Error: { ...body }, RequestId: requestId }),
    },
  };
}
