import type { MethodSetting } from '@aws-sdk/client-api-gateway';
import { chosen, recorded } from '../errors/rest-apis.ts';
import type { Stage } from '../store/rest-apis.ts';

/** Parses the value of a patch operation, which is always a text. */
export const toBoolean = (path: string, value: string): boolean => {
  if (value !== 'true' && value !== 'false') throw chosen.stageValue(path);
  return value === 'true';
};

const numberLike =
  (pattern: RegExp) =>
  (path: string, value: string): number => {
    if (!pattern.test(value)) throw chosen.stageValue(path);
    return Number(value);
  };

const toSeconds = numberLike(/^\d{1,9}$/);

/**
 * -1 switches a throttle off. Terraform's aws_api_gateway_method_settings sends `-1` and
 * `-1.000000` if nobody has set them.
 */
const toBurst = numberLike(/^-?\d{1,9}$/);
const toRate = numberLike(/^-?\d{1,9}(\.\d+)?$/);

const toText = (_path: string, value: string): string => value;

type Setting = [keyof MethodSetting, (path: string, value: string) => unknown];

/** By the end of the path: the member of a method's settings, and the parser of its value. */
const SETTINGS = new Map<string, Setting>([
  ['metrics/enabled', ['metricsEnabled', toBoolean]],
  ['logging/dataTrace', ['dataTraceEnabled', toBoolean]],
  ['logging/loglevel', ['loggingLevel', toText]],
  ['throttling/burstLimit', ['throttlingBurstLimit', toBurst]],
  ['throttling/rateLimit', ['throttlingRateLimit', toRate]],
  ['caching/ttlInSeconds', ['cacheTtlInSeconds', toSeconds]],
  ['caching/enabled', ['cachingEnabled', toBoolean]],
  ['caching/dataEncrypted', ['cacheDataEncrypted', toBoolean]],
  ['caching/requireAuthorizationForCacheControl', ['requireAuthorizationForCacheControl', toBoolean]],
  ['caching/unauthorizedCacheControlHeaderStrategy', ['unauthorizedCacheControlHeaderStrategy', toText]],
]);

/** From LocalStack's AWS-validated snapshot `test_create_update_stages`. */
const DEFAULT_SETTING: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

/**
 * The path is `/RESOURCE/METHOD/logging/loglevel`, with `~1` for each slash in the resource's path.
 */
export function setMethodSetting(stage: Stage, path: string, value: string): Stage {
  const [, resource, method, ...end] = path.split('/');
  const setting = SETTINGS.get(end.join('/'));
  if (!setting) throw recorded.stagePath(path);
  const [member, parse] = setting;
  const key = `${resource}/${method}`;
  const before = stage.methodSettings[key] ?? stage.methodSettings['*/*'] ?? DEFAULT_SETTING;
  const methodSettings = { ...stage.methodSettings, [key]: { ...before, [member]: parse(path, value) } };
  return { ...stage, methodSettings };
}
