import { decodeGlobalId } from '../relay/global-id.ts';

/** https://docs.aws.amazon.com/general/latest/gr/aws-arns-and-namespaces.html; any other region is in `aws`. */
const PARTITIONS: [prefix: string, partition: string][] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-iso-', 'aws-iso'],
  ['eusc-', 'aws-eusc'],
];

/** The ARN itself, or that in a global id of the type; empty for any other global id. */
export function arnIn(text: string, typename: string): string {
  const globalId = decodeGlobalId(text);
  if (!globalId) return text;
  return globalId.typename === typename ? globalId.id : '';
}

/** The ARN of the API Gateway resource at a path such as `/clientcertificates/a1b2c3`. It contains no account. */
export function apiGatewayArn(region: string, path: string): string {
  const partition = PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
  return `arn:${partition}:apigateway:${region}::${path}`;
}
