import { chosen, recorded } from './errors/signature.ts';

/** The parts of an `Authorization` header of Signature Version 4. */
export type Authorization = {
  algorithm: string;
  credential: string;
  /** In lower case and sorted, as they are signed. */
  signedHeaders: string[];
  signature: string;
};

const PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'];

/**
 * Parses `ALGORITHM Credential=…, SignedHeaders=…, Signature=…`, whose parts are separated by
 * blanks or commas. Throws if the form is wrong; the same error says whether the date is missing
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html).
 */
export function parseAuthorization(header: string, hasDate: boolean): Authorization {
  const [algorithm = '', ...pairs] = header.split(/[\s,]+/).filter((part) => part !== '');
  const parameters = new Map<string, string>();
  for (const pair of pairs) {
    const [name = '', ...value] = pair.split('=');
    if (value.length === 0) throw recorded.authorizationPair(header);
    if (parameters.has(name)) throw chosen.authorizationDuplicate(name);
    parameters.set(name, value.join('='));
  }
  const missing = PARAMETERS.filter((name) => !parameters.has(name));
  if (missing.length > 0 || !hasDate) throw recorded.authorizationMissing(header, missing, hasDate);
  return {
    algorithm,
    credential: parameters.get('Credential') ?? '',
    signedHeaders: (parameters.get('SignedHeaders') ?? '').toLowerCase().split(';').sort(),
    signature: parameters.get('Signature') ?? '',
  };
}

/**
 * Splits `KEY/20261120/us-east-1/apigateway/aws4_request`. The `scope` is everything after the key.
 */
export function parseCredential(credential: string): { accessKeyId: string; scope: string[] } {
  const [accessKeyId = '', ...scope] = credential.split('/');
  if (scope.length !== 4) throw recorded.credentialElements(credential);
  return { accessKeyId, scope };
}
