import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

const incompleteSignature = (message: string) => new AwsError(403, 'IncompleteSignatureException', message);
const invalidSignature = (message: string) => new AwsError(403, 'InvalidSignatureException', message);

const hashOf = (header: string) => createHash('sha256').update(header).digest('base64');

/** Errors about signatures that were seen on AWS. Each names its source. */
export const recorded = {
  /**
   * API Gateway: RhinoSecurityLabs/IPRotate_Burp_Extension#25 with the plain header, and since
   * about 2024 awslabs/time-addressable-media-store#8 with its hash.
   */
  authorizationPair: (header: string) =>
    incompleteSignature(
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashOf(header)}'.`,
    ),
  /** aws/chalice#828 with the plain header. Where the hash belongs is not known. */
  authorizationMissing: (header: string, parameters: string[], hasDate: boolean) =>
    incompleteSignature(
      [
        ...parameters.map((name) => `Authorization header requires '${name}' parameter.`),
        ...(hasDate
          ? []
          : ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."]),
        `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashOf(header)}`,
      ].join(' '),
    ),
  /**
   * The next three come from DynamoDB, which checks signatures in the same way: mhart/dynalite,
   * index.js.
   */
  dateFormat: (time: string) =>
    incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    ),
  algorithm: (algorithm: string, supported: string) =>
    incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only ${supported} for now). `),
  credentialElements: (credential: string) =>
    incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    ),
  /** awslabs/aws-mobile-appsync-sdk-js#702 */
  signedHeaderMissing: (name: string) =>
    incompleteSignature(`'${name}' is named as a SignedHeader, but it does not exist in the HTTP request.`),
  /** aws/aws-sdk-php#2469 */
  hostNotSigned: () =>
    invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
  /**
   * mhart/aws4#118 and, for API Gateway with 5 minutes,
   * RhinoSecurityLabs/IPRotate_Burp_Extension#38.
   */
  expired: (time: string, earliest: string, now: string, minutes: number) =>
    invalidSignature(`Signature expired: ${time} is now earlier than ${earliest} (${now} - ${minutes} min.)`),
  notYetCurrent: (time: string, latest: string, now: string, minutes: number) =>
    invalidSignature(
      `Signature not yet current: ${time} is still later than ${latest} (${now} + ${minutes} min.)`,
    ),
  /** API Gateway, with the blank at the end: aws/aws-sdk-js#3571. All complaints come at once. */
  credentialScope: (complaints: string[]) =>
    invalidSignature(complaints.map((complaint) => `${complaint} `).join('')),
  region: (region: string) => `Credential should be scoped to a valid region, not '${region}'.`,
  /** For an unknown key and for an invalid session token: mhart/dynalite. */
  unrecognizedClient: () =>
    new AwsError(
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ),
  /** Lambda, which is as API Gateway in this: cloudquery/cq-provider-aws#1171. */
  expiredToken: () =>
    new AwsError(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
  /**
   * The first line is from rpgreen/apigateway-generic-java-sdk#11, the others from mhart/dynalite.
   */
  signatureMismatch: (canonical: string, stringToSign: string) =>
    invalidSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
        'Access Key and signing method. Consult the service documentation for details.\n\n' +
        `The Canonical String for this request should have been\n'${canonical}'\n\n` +
        `The String-to-Sign should have been\n'${stringToSign}'\n`,
    ),
};

/** Answers that this emulator chose because no recording of AWS's answer is known. */
export const chosen = {
  authorizationDuplicate: (name: string) =>
    incompleteSignature(`Authorization header has more than one '${name}' parameter.`),
};
