import { recorded } from './errors.ts';

/**
 * The id in `arn:PARTITION:apigateway:REGION::/clientcertificates/ID`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
 */
export function idFromArn(arn: string | undefined, region: string): string {
  if (!arn || !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(arn)) throw recorded.arnMalformed(arn ?? '');
  const [, , service, arnRegion, account, ...resource] = arn.split(':');
  const id = /^\/clientcertificates\/([a-z0-9]+)$/.exec(resource.join(':'))?.[1];
  if (service !== 'apigateway' || arnRegion !== region || account !== '' || id === undefined)
    throw recorded.arnUnsupported();
  return id;
}
