import { recorded } from './errors.ts';

/**
 * The path in `arn:PARTITION:apigateway:REGION::PATH`, such as `/clientcertificates/ID`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
 */
export function pathOfArn(arn: string | undefined, region: string): string {
  if (!arn || !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(arn)) throw recorded.arnMalformed(arn ?? '');
  const [, , service, arnRegion, account, ...path] = arn.split(':');
  if (service !== 'apigateway' || arnRegion !== region || account !== '') throw recorded.arnUnsupported();
  return path.join(':');
}
