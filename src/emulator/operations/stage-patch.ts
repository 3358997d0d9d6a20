import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { chosen, recorded } from '../errors/rest-apis.ts';
import { recorded as anyRecorded } from '../errors.ts';
import { ownValue } from '../own-value.ts';
import type { Stage } from '../store/rest-apis.ts';
import { setMethodSetting, toBoolean } from './method-settings.ts';
import { whereAny } from './rules.ts';

/** The things that a stage can refer to. */
export type References = { hasDeployment(id: string): boolean; hasCertificate(id: string): boolean };

/**
 * `arn:PARTITION:acm:REGION:ACCOUNT:certificate/ID`. The emulator has no ACM, so it accepts every
 * ARN.
 */
const ACM_ARN = /^arn:[^:]+:acm:[^:]*:\d{12}:certificate\/[\w-]+$/;

/**
 * Applies patch operations to a stage, in their order
 * (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html, UpdateStage).
 */
export function stageAfter(stage: Stage, operations: PatchOperation[], references: References): Stage {
  return operations.reduce((before, { op, path, from, value = '' }) => {
    if (path === undefined) throw anyRecorded.patchPathMissing();
    if (op === 'replace') return replace(before, path, value, references);
    if (op === 'remove') return remove(before, path);
    if (op === 'add' && path.startsWith('/accessLogSettings/')) return setAccessLog(before, path, value);
    if (op === 'add') throw recorded.stageAdd(path);
    if (op === 'copy')
      throw COPIES.includes(path) ? recorded.noCanary() : recorded.stageCopy(path, from ?? 'null');
    throw chosen.stageOperation();
  }, stage);
}

const COPIES = ['/deploymentId', '/variables'];

function replace(stage: Stage, path: string, value: string, references: References): Stage {
  switch (path) {
    case '/deploymentId':
      if (!references.hasDeployment(value)) throw recorded.deploymentNotFound();
      return { ...stage, deploymentId: value };
    case '/description':
      return { ...stage, description: value || undefined };
    case '/clientCertificateId':
      checkCertificate(value, references);
      return { ...stage, clientCertificateId: value || undefined };
    case '/cacheClusterEnabled': {
      const cacheClusterEnabled = toBoolean(path, value);
      return {
        ...stage,
        cacheClusterEnabled,
        cacheClusterStatus: cacheClusterEnabled ? 'AVAILABLE' : 'NOT_AVAILABLE',
      };
    }
    case '/documentationVersion': // not in AWS's list of paths, but Terraform replaces it
      return { ...stage, documentationVersion: value || undefined };
    case '/cacheClusterSize':
      return { ...stage, cacheClusterSize: value };
    case '/tracingEnabled':
      return { ...stage, tracingEnabled: toBoolean(path, value) };
  }
  const variable = /^\/variables\/(\w+)$/.exec(path)?.[1];
  if (variable !== undefined) return { ...stage, variables: { ...stage.variables, [variable]: value } };
  if (path.startsWith('/accessLogSettings')) return setAccessLog(stage, path, value);
  return setMethodSetting(stage, path, value);
}

/** An empty value detaches the certificate. An API Gateway certificate must exist. */
export function checkCertificate(
  value: string,
  { hasCertificate }: Pick<References, 'hasCertificate'>,
): void {
  if (value !== '' && !ACM_ARN.test(value) && !hasCertificate(value)) throw chosen.certificateNotFound();
}

function remove(stage: Stage, path: string): Stage {
  const [, first = '', second = '', ...more] = path.split('/');
  if (first === 'variables' && ownValue(stage.variables, second) !== undefined && more.length === 0)
    return { ...stage, variables: whereAny(without(stage.variables ?? {}, second)) };
  if (path === '/accessLogSettings' && stage.accessLogSettings)
    return { ...stage, accessLogSettings: undefined };
  const key = `${first}/${second}`;
  if (stage.methodSettings[key] && more.length === 0)
    return { ...stage, methodSettings: without(stage.methodSettings, key) };
  throw recorded.stageRemove(path);
}

function setAccessLog(stage: Stage, path: string, value: string): Stage {
  const member = /^\/accessLogSettings\/(destinationArn|format)$/.exec(path)?.[1];
  if (member === undefined) throw recorded.accessLogPath();
  if (value === '') throw recorded.accessLogValue();
  return { ...stage, accessLogSettings: { ...stage.accessLogSettings, [member]: value } };
}

function without<T>(map: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = map;
  return rest;
}
