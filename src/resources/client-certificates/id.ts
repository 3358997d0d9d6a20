import { ownText } from '../../collections/own-text.ts';
import type { InputIssue } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { encodeGlobalId } from '../../relay/global-id.ts';
import { apiGatewayArn, arnIn, expectedHere, inAccount, splitAccount } from '../arn.ts';
import type { Place } from '../place.ts';

export const NOUN = 'a client certificate';

/** AWS's ids have six characters, but that is not documented. */
const ID = /^[a-z0-9]{1,64}$/;

const ARN = /^arn:[^:]+:apigateway:([a-z0-9-]{1,32})::/;

/** Whether the text may be AWS's own id of a certificate, in any region. */
export const isClientCertificateId = (text: string): boolean => ID.test(text);

/** `arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3` */
export const arnOf = (region: string, clientCertificateId: string): string =>
  apiGatewayArn(region, `/clientcertificates/${clientCertificateId}`);

/** Whether the text is the ARN of a certificate, in any region. */
export function isClientCertificateArn(text: string): boolean {
  const [, region] = ARN.exec(text) ?? [];
  return region !== undefined && text === arnOf(region, lastPartOf(text)) && ID.test(lastPartOf(text));
}

export const globalIdOf = ({ accountId, region }: Place, clientCertificateId: string): string =>
  encodeGlobalId('ClientCertificate', inAccount(accountId, arnOf(region, clientCertificateId)));

/** AWS's id from a global id, an ARN or itself; undefined if it is none of them, or of another region. It may be kept for long. */
export function parseClientCertificateId(region: string, text: string): string | undefined {
  if (ID.test(text)) return ownText(text);
  const arn = arnIn(text, 'ClientCertificate');
  const id = lastPartOf(arn);
  return ID.test(id) && arn === arnOf(region, id) ? ownText(id) : undefined;
}

/** The id in an argument. If there are issues, it must not be used. */
export function parseIdArgument(
  region: string,
  text: string,
  path: string[],
): { clientCertificateId: string; issues: InputIssue[] } {
  const clientCertificateId = parseClientCertificateId(region, text);
  return clientCertificateId === undefined
    ? { clientCertificateId: '', issues: [{ path, message: expectedId(region, text) }] }
    : { clientCertificateId, issues: [] };
}

/** The complaint about an id that could not be parsed. */
export const expectedId = (region: string, text: string): string =>
  expectedRegion(region, text) ??
  `expected a global id, an ARN such as ${arnOf(region, 'a1b2c3')}, or an id such as a1b2c3, got ${quote(text)}`;

/** The complaint about a global id or ARN of another region, or of an account; undefined for any other id. */
export function expectedRegion(region: string, text: string): string | undefined {
  const { accountId, arn } = splitAccount(arnIn(text, 'ClientCertificate'));
  const [, other = ''] = ARN.exec(arn) ?? [];
  return isClientCertificateArn(arn) ? expectedHere(NOUN, region, { accountId, region: other }) : undefined;
}

const lastPartOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
