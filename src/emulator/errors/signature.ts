import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

const incompleteSignature = (message: string) => new AwsError(403, 'IncompleteSignatureException', message);
const invalidSignature = (message: string) => new AwsError(403, 'InvalidSignatureException', message);

const hashOf = (header: string) => createHash('sha256').update(header).digest('base64');

/** Complaints about the `Authorization` header that were seen on AWS, each with the place where. */
export const recorded = {
  /**
   * Of API Gateway: RhinoSecurityLabs/IPRotate_Burp_Extension#25 with the header in clear, and since about 2024
   * awslabs/time-addressable-media-store#8 with its hash.
   */
  authorizationPair: (header: string) =>
    incompleteSignature(
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashOf(header)}'.`,
    ),
  /** aws/chalice#828 with the header in clear; unsure where its hash goes. */
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
  /** The next three of DynamoDB, which has the same door: mhart/dynalite, index.js. */
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
  /** mhart/aws4#118 and, of this API, RhinoSecurityLabs/IPRotate_Burp_Extension#38: with 5 minutes. */
  expired: (time: string, earliest: string, now: string, minutes: number) =>
    invalidSignature(`Signature expired: ${time} is now earlier than ${earliest} (${now} - ${minutes} min.)`),
  notYetCurrent: (time: string, latest: string, now: string, minutes: number) =>
    invalidSignature(
      `Signature not yet current: ${time} is still later than ${latest} (${now} + ${minutes} min.)`,
    ),
  /** Of API Gateway, with the blank at the end: aws/aws-sdk-js#3571; all complaints come at once. */
  credentialScope: (complaints: string[]) =>
    invalidSignature(complaints.map((complaint) => `${complaint} `).join('')),
  /** For an unknown key and for a session token that is none: mhart/dynalite. */
  unrecognizedClient: () =>
    new AwsError(
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ),
  /** rpgreen/apigateway-generic-java-sdk#11 has the first line, mhart/dynalite the others. */
  signatureMismatch: (canonical: string, stringToSign: string) =>
    invalidSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
        'Access Key and signing method. Consult the service documentation for details.\n\n' +
        `The Canonical String for this request should have been\n'${canonical}'\n\n` +
        `The String-to-Sign should have been\n'${stringToSign}'\n`,
    ),
};

/** What this emulator chose where no recording of AWS's answer is known. */
export const chosen = {
  authorizationDuplicate: (name: string) =>
    incompleteSignature(`Authorization header has more than one '${name}' parameter.`),
};
