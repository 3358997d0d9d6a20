import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseAuthorization, parseCredential } from './authorization.ts';
import { canonicalRequest, headerOf } from './canonical-request.ts';
import { recorded } from './errors/signature.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string };

const ALGORITHM = 'AWS4-HMAC-SHA256';
const TERMINATOR = 'aws4_request';

/**
 * Some AWS services allow 15 minutes. API Gateway was seen to allow 5 (see
 * `recorded.notYetCurrent`).
 */
const MAX_SKEW_MINUTES = 15;

/**
 * Throws unless the request has an `Authorization` header of Signature Version 4 that was made for
 * this service and exactly this method, path, query, body and the headers that it names, with the
 * secret that `secretOf` answers for the access key. Its time is in `x-amz-date` and may differ
 * from `now` by 15 minutes. Any region is accepted. Checks are in the order that mhart/dynalite
 * recorded for DynamoDB.
 */
export function verifySignature(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  service: string,
  secretOf: (accessKeyId: string) => string,
  now: Date,
): void {
  const time = headerOf(request, 'x-amz-date') ?? '';
  const { algorithm, credential, signedHeaders, signature } = parseAuthorization(
    headerOf(request, 'authorization') ?? '',
    time !== '',
  );
  checkTime(time, now);
  if (!signedHeaders.includes('host')) throw recorded.hostNotSigned();
  if (algorithm !== ALGORITHM) throw recorded.algorithm(algorithm, ALGORITHM);
  const { accessKeyId, scope } = parseCredential(credential);
  checkScope(scope, service, time);
  const secretAccessKey = secretOf(accessKeyId);

  const bodyHash = sha256(body);
  const canonical = canonicalRequest(request, url, signedValues(request, signedHeaders), bodyHash);
  // Node decodes headers as Latin-1. Encoding them again gives the bytes that were sent. The rest is ASCII.
  const hash = sha256(Buffer.from(canonical, 'latin1'));
  const stringToSign = [ALGORITHM, time, scope.join('/'), hash].join('\n');
  const signingKey = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const isSigned = equal(signature, hmac(signingKey, stringToSign).toString('hex'));
  const isBody = (headerOf(request, 'x-amz-content-sha256') ?? bodyHash) === bodyHash;
  if (!isSigned || !isBody) throw recorded.signatureMismatch(canonical, stringToSign);
}

function checkTime(time: string, now: Date): void {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const signedAtMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAtMs)) throw recorded.dateFormat(time);
  const skewMs = MAX_SKEW_MINUTES * 60_000;
  const earliest = new Date(now.getTime() - skewMs);
  const latest = new Date(now.getTime() + skewMs);
  if (signedAtMs < earliest.getTime())
    throw recorded.expired(time, basicFormat(earliest), basicFormat(now), MAX_SKEW_MINUTES);
  if (signedAtMs > latest.getTime())
    throw recorded.notYetCurrent(time, basicFormat(latest), basicFormat(now), MAX_SKEW_MINUTES);
}

function checkScope([date, region, service, terminator]: string[], expected: string, time: string): void {
  const day = time.slice(0, 8);
  const complaints = [
    region === '' && recorded.region(region),
    service !== expected && `Credential should be scoped to correct service: '${expected}'.`,
    terminator !== TERMINATOR &&
      `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${terminator}'.`,
    date !== day &&
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${time}'.`,
  ].filter((complaint) => complaint !== false);
  if (complaints.length > 0) throw recorded.credentialScope(complaints);
}

function signedValues(request: IncomingMessage, names: string[]) {
  return names.map((name) => {
    const value = headerOf(request, name);
    if (value === undefined) throw recorded.signedHeaderMissing(name);
    return { name, value };
  });
}

const basicFormat = (date: Date) => date.toISOString().replace(/[-:]|\.\d+/g, '');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Takes the same time for every signature of the right length. */
function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
