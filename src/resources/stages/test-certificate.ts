import {
  GetResourcesCommand,
  GetStageCommand,
  TestInvokeMethodCommand,
  type TestInvokeMethodCommandOutput,
} from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../../aws/account-region.ts';
import type { AwsCalls } from '../../aws/calls.ts';
import { type InputIssue, InvalidInputError, inPlaceOf, NotFoundError } from '../../errors/errors.ts';
import { quote, throwIfInvalid } from '../../errors/input-issues.ts';
import { shortened } from '../../errors/shortened.ts';
import { MAX_PAGE_SIZE } from '../../relay/page-size.ts';
import { allItems } from '../all-items.ts';
import type { ClientCertificates } from '../client-certificates/client-certificates.ts';
import { parseIdArgument } from '../client-certificates/id.ts';
import { noSuchClientCertificate } from '../client-certificates/not-found.ts';
import { expectedApiStageId, parseApiStageId } from './id.ts';
import { chooseMethod } from './method-choice.ts';
import type { StageSnapshot } from './snapshot.ts';
import { toPage } from './source.ts';
import { methodIssues, pathIssues, stageIssues, type TestInput } from './test-certificate-input.ts';

/** What the backend answered, and how API Gateway says that it came about. */
export type Tested = { status: number; latencyMs: number; accepted: boolean; log: string };

export type TestOptions = {
  aws: AwsCalls;
  accountRegion: AccountRegion;
  stages: () => StageSnapshot;
  clientCertificates: Pick<ClientCertificates, 'find'>;
};

/** AWS documents no limit; the log has the bodies of requests and answers. */
const MAX_LOG_LENGTH = 8192;

/** A shorter value of a stage variable is no secret, and may be a part of anything. */
const LEAST_SECRET = 6;

/**
 * Has API Gateway call the backend of a REST API with a certificate that its stage need not have. It is the API as it is edited now, with
 * the variables of the stage.
 */
export async function testCertificate(
  { aws, accountRegion, stages, clientCertificates }: TestOptions,
  input: TestInput,
): Promise<Tested> {
  const { region } = accountRegion;
  const { clientCertificateId, issues } = parseIdArgument(region, input.id, ['input', 'id']);
  const arn = parseApiStageId(region, input.stage);
  const stage = arn === undefined ? null : stages().find(arn);
  const method = input.method ?? 'GET';
  throwIfInvalid([
    ...issues,
    ...(arn === undefined
      ? [{ path: ['input', 'stage'], message: expectedApiStageId(region, input.stage) }]
      : stageIssues(arn, stage)),
    ...methodIssues(method),
    ...pathIssues(input.path),
  ]);
  if (!stage || !(await clientCertificates.find(clientCertificateId, []))) throw noSuchClientCertificate();
  const { apiId: restApiId } = stage.api;
  const { variables = {} } = await aws
    .write(new GetStageCommand({ restApiId, stageName: stage.name }))
    .catch(sayWhatIsMissing);
  const resources = await allItems((position) =>
    aws
      .write(new GetResourcesCommand({ restApiId, embed: ['methods'], limit: MAX_PAGE_SIZE, position }))
      .then(({ items, position }) => toPage(items, position)),
  ).catch(sayWhatIsMissing);
  const chosen = chooseMethod(resources, method, input.path ?? undefined);
  if (!chosen) throw new InvalidInputError([noMethod(method, input.path)]);
  const { path: pathWithQueryString, isProxy, ...names } = chosen;
  const command = new TestInvokeMethodCommand({
    ...names,
    restApiId,
    pathWithQueryString,
    clientCertificateId,
    stageVariables: variables,
  });
  const answer = await aws.write(command).catch(sayWhatIsMissing);
  return { ...shownOf(answer, variables), accepted: isAccepted(answer, isProxy) };
}

/**
 * An API whose integration is no proxy may answer 200 for whatever its backend answers
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html).
 */
function isAccepted({ status, log = '' }: TestInvokeMethodCommandOutput, isProxy: boolean): boolean {
  const ofBackend = BACKEND_STATUS.exec(log)?.[1];
  return isGood(status) && (ofBackend === undefined ? isProxy : isGood(Number(ofBackend)));
}

/** A line of the log begins with its time. */
const BACKEND_STATUS = /(?<![^\n])[\w: ]+ : Received response\. Status: (\d{3})\b/;

const isGood = (status = 0) => status >= 200 && status < 400;

function shownOf(
  { status = 0, latency = 0, log = '' }: TestInvokeMethodCommandOutput,
  variables: Record<string, string>,
): Omit<Tested, 'accepted'> {
  const shown = Object.entries(variables)
    .filter(([, value]) => value.length >= LEAST_SECRET)
    .sort(([, a], [, b]) => b.length - a.length) // one may be a part of another
    .reduce(
      (text, [name, value]) => text.replaceAll(asWritten(value), () => `(stage variable ${name})`),
      log,
    );
  return {
    status,
    latencyMs: latency,
    log: shortened(shown, MAX_LOG_LENGTH),
  };
}

/** Matches the value, whichever of its characters are percent-encoded, as API Gateway does it in the URL of a backend. */
const asWritten = (value: string): RegExp => new RegExp(Array.from(value, characterAsWritten).join(''), 'gu');

function characterAsWritten(character: string): string {
  const itself = `\\u{${character.codePointAt(0)?.toString(16)}}`;
  const inAnyCase = (digit: string) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`;
  const encoded = Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  return `(?:${itself}|${encoded.join('').replace(/[a-f]/g, inAnyCase)})`;
}

const noMethod = (method: string, path: string | null | undefined): InputIssue =>
  path == null
    ? {
        path: ['input', 'path'],
        message: `expected a path, since no resource without parameters calls an HTTP backend for ${method}, got nothing`,
      }
    : {
        path: ['input', 'path'],
        message: `expected a path whose ${method} calls an HTTP backend, got ${quote(path)}`,
      };

function sayWhatIsMissing(error: unknown): never {
  throw error instanceof NotFoundError ? inPlaceOf(error, new NotFoundError('stage or method')) : error;
}
