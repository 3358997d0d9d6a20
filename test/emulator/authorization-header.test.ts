import { createHash } from 'node:crypto';
import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { header, recordOf, replay, withHeaders } from './signed-requests.ts';
import { emulate } from './support.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** A signed request, an emulator that takes it, and what that says to it with another `Authorization` header. */
async function signedRequest(now?: (signedAt: Date) => Date) {
  const request = await recordOf((client) => client.send(new GetClientCertificatesCommand({})));
  const time = header(request, 'x-amz-date');
  const iso = time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
  const moment = now?.(new Date(iso));
  const { url } = await emulate({ credentials, ...(moment && { now: () => moment }) });
  const authorization = header(request, 'authorization');
  const say = (value: string | string[]) => replay(url, withHeaders(request, { authorization: value }));
  return { request, url, time, authorization, say };
}

const MINUTE = 60_000;
const compact = (date: Date) => date.toISOString().replace(/[-:]|\.\d{3}/g, '');

test.each([-15, -14, 0, 14, 15])('%d minutes after it was signed a request passes', async (minutes) => {
  const { say, authorization } = await signedRequest((at) => new Date(at.getTime() + minutes * MINUTE));
  expect(await say(authorization)).toMatchObject({ status: 200 });
});

test.each([15 * MINUTE + 1, 16 * MINUTE, 24 * 60 * MINUTE])(
  '%d ms after it was signed it has expired',
  async (ms) => {
    let now = new Date();
    const { say, authorization, time } = await signedRequest((at) => {
      now = new Date(at.getTime() + ms);
      return now;
    });
    const earliest = compact(new Date(now.getTime() - 15 * MINUTE));
    expect(await say(authorization)).toEqual({
      status: 403,
      errorType: 'InvalidSignatureException',
      message: `Signature expired: ${time} is now earlier than ${earliest} (${compact(now)} - 15 min.)`,
    });
  },
);

test.each([15 * MINUTE + 1, 24 * 60 * MINUTE])(
  '%d ms before it was signed it is not yet current',
  async (ms) => {
    let now = new Date();
    const { say, authorization, time } = await signedRequest((at) => {
      now = new Date(at.getTime() - ms);
      return now;
    });
    const latest = compact(new Date(now.getTime() + 15 * MINUTE));
    expect(await say(authorization)).toEqual({
      status: 403,
      errorType: 'InvalidSignatureException',
      message: `Signature not yet current: ${time} is still later than ${latest} (${compact(now)} + 15 min.)`,
    });
  },
);

test('a request that is sent again with a new date, but its old signature, is refused', async () => {
  const { request, url, time } = await signedRequest();
  const later = time.replace(/\dZ$/, (it) => `${(Number(it[0]) + 1) % 10}Z`);
  expect(await replay(url, withHeaders(request, { 'x-amz-date': later }))).toMatchObject({
    status: 403,
    message: expect.stringMatching(/^The request signature we calculated does not match/),
  });
});

test.each([
  'yesterday',
  '2026',
  '20261399T000000Z',
  '2026-11-20T00:00:00Z',
  '20261120T000000Z, 20261120T000000Z',
])('the date %j is IncompleteSignatureException', async (time) => {
  const { request, url } = await signedRequest();
  expect(await replay(url, withHeaders(request, { 'x-amz-date': time }))).toEqual({
    status: 403,
    errorType: 'IncompleteSignatureException',
    message: `Date must be in ISO-8601 'basic format'. Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  });
});

test.each([
  ['without blanks', (it: string) => it.replaceAll(', ', ',')],
  ['with more blanks', (it: string) => it.replaceAll(', ', ' ,  ')],
  ['with its parts in another order', (it: string) => it.replace(/ (.*), (.*), (.*)/, ' $3, $1, $2')],
  ['with a part that nobody knows', (it: string) => `${it}, Nonce=1`],
  [
    'with its signed headers in another order',
    (it: string) => it.replace(/(?<==)accept;(.*)(?=, )/, '$1;accept'),
  ],
  ['with its signed headers in upper case', (it: string) => it.replace('host', 'Host')],
])('an Authorization header %s passes', async (_, change) => {
  const { say, authorization } = await signedRequest();
  expect(change(authorization)).not.toBe(authorization);
  expect(await say(change(authorization))).toMatchObject({ status: 200 });
});

const hash = (text: string) => createHash('sha256').update(text).digest('base64');
const requires = (header: string, ...names: string[]) =>
  [
    ...names.map((name) => `Authorization header requires '${name}' parameter.`),
    `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash(header)}`,
  ].join(' ');
const noPair = (header: string) =>
  `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash(header)}'.`;
const duplicate = (name: string) => () => `Authorization header has more than one '${name}' parameter.`;
const part = (name: string) => new RegExp(`,? ?${name}=[^ ,]+`);

test.each<[string, (it: string) => string, (changed: string) => string]>([
  ['no Credential', (it) => it.replace(part('Credential'), ''), (it) => requires(it, 'Credential')],
  ['no Signature', (it) => it.replace(part('Signature'), ''), (it) => requires(it, 'Signature')],
  ['no SignedHeaders', (it) => it.replace(part('SignedHeaders'), ''), (it) => requires(it, 'SignedHeaders')],
  [
    'only the algorithm',
    () => 'AWS4-HMAC-SHA256',
    (it) => requires(it, 'Credential', 'Signature', 'SignedHeaders'),
  ],
  ['no algorithm', (it) => it.replace(/^\S+ /, ''), (it) => requires(it, 'Credential')],
  ['names of lower case', (it) => it.replace('Signature=', 'signature='), (it) => requires(it, 'Signature')],
  ['a token', () => 'Bearer x', noPair],
  ['a blank in the key', (it) => it.replace('Credential=', 'Credential= '), noPair],
  ['two Credentials', (it) => `${it}, Credential=x`, duplicate('Credential')],
  ['two Signatures', (it) => `${it}, ${it.match(/Signature=.*/)?.[0]}`, duplicate('Signature')],
  ['two SignedHeaders', (it) => `${it}, SignedHeaders=host`, duplicate('SignedHeaders')],
  [
    'another algorithm',
    (it) => it.replace('SHA256', 'SHA512'),
    () => "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' (only AWS4-HMAC-SHA256 for now). ",
  ],
  [
    'four parts of the credential',
    (it) => it.replace(/=AKID[^,]*/, '=AKIDEXAMPLE/20261120/us-east-1/apigateway'),
    () =>
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20261120/us-east-1/apigateway'",
  ],
  [
    'six parts of the credential',
    (it) => it.replace(/=AKID[^,]*/, '=a/b/c/d/e/f'),
    () =>
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d/e/f'",
  ],
  [
    'a signed header that there is not',
    (it) => it.replace('host', 'host;toString'),
    () => "'tostring' is named as a SignedHeader, but it does not exist in the HTTP request.",
  ],
])('%s is IncompleteSignatureException', async (_, change, message) => {
  const { say, authorization } = await signedRequest();
  const changed = change(authorization);
  expect(await say(changed)).toEqual({
    status: 403,
    errorType: 'IncompleteSignatureException',
    message: message(changed),
  });
});

test('all that is missing is told at once, the date too', async () => {
  const { request, url } = await signedRequest();
  expect(await replay(url, withHeaders(request, { authorization: 'x', 'x-amz-date': undefined }))).toEqual({
    status: 403,
    errorType: 'IncompleteSignatureException',
    message:
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
      "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either " +
      `a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=${hash('x')}`,
  });
});

test('a request without a date is IncompleteSignatureException', async () => {
  const { request, url, authorization } = await signedRequest();
  const date = new Date().toUTCString();
  expect(await replay(url, withHeaders(request, { 'x-amz-date': undefined, date }))).toEqual({
    status: 403,
    errorType: 'IncompleteSignatureException',
    message:
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
      `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash(authorization)}`,
  });
});

test('two Authorization headers are none', async () => {
  const { say, authorization } = await signedRequest();
  const { status, errorType } = await say([authorization, authorization]);
  expect([status, errorType]).toEqual([403, 'IncompleteSignatureException']);
});

const HOST = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
const MISMATCH = /^The request signature we calculated does not match/;
const DATE =
  /^Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '(\d{8})', from '\1T\d{6}Z'\. $/;

test.each<[string, (it: string) => string, string | RegExp]>([
  ['the host not among the signed headers', (it) => it.replace('host;', ''), HOST],
  ['no signed headers', (it) => it.replace(/SignedHeaders=[^,]*/, 'SignedHeaders='), HOST],
  ['fewer signed headers', (it) => it.replace('accept;', ''), MISMATCH],
  ['more signed headers', (it) => it.replace('host', 'connection;host'), MISMATCH],
  ['a signed header twice', (it) => it.replace('host', 'host;host'), MISMATCH],
  ['no signature', (it) => it.replace(/Signature=.*/, 'Signature='), MISMATCH],
  ['half a signature', (it) => it.slice(0, -32), MISMATCH],
  ['a signature and more', (it) => `${it}00`, MISMATCH],
  ['a signature of upper case', (it) => it.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()), MISMATCH],
  ['a signature that is not ASCII', (it) => it.replace(/[0-9a-f]$/, 'é'), MISMATCH],
  ['another region', (it) => it.replace('us-east-1', 'us-east-2'), MISMATCH],
  [
    'no region',
    (it) => it.replace('us-east-1', ''),
    "Credential should be scoped to a valid region, not ''. ",
  ],
  ['another day', (it) => it.replace(/\/\d{8}\//, '/20200101/'), DATE],
  [
    'another service',
    (it) => it.replace('/apigateway/', '/execute-api/'),
    "Credential should be scoped to correct service: 'apigateway'. ",
  ],
  [
    'another terminator, and another service',
    (it) => it.replace('/apigateway/aws4_request', '/s3/aws5_request'),
    "Credential should be scoped to correct service: 'apigateway'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
  ],
])('%s is InvalidSignatureException', async (_, change, words) => {
  const { say, authorization } = await signedRequest();
  const { status, errorType, message } = await say(change(authorization));
  expect([status, errorType]).toEqual([403, 'InvalidSignatureException']);
  if (typeof words === 'string') expect(message).toBe(words);
  else expect(message).toMatch(words);
});

const REFUSED = /^(IncompleteSignature|InvalidSignature|UnrecognizedClient)Exception$/;
/** What may be in a header: Latin-1 without the control characters, no blanks at its ends. */
const value = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
  .map((it) => it.replace(/[\x7f]/g, '').trim());

test('no Authorization header of chance passes, or is too much', async () => {
  const { say, time } = await signedRequest();
  const scope = fc.tuple(
    fc.constantFrom('AKIDEXAMPLE', 'x', ''),
    fc.constantFrom(time.slice(0, 8), '20200101', ''),
    fc.constantFrom('us-east-1', '', '__proto__'),
    fc.constantFrom('apigateway', 's3'),
    fc.constantFrom('aws4_request', ''),
  );
  const names = fc.array(fc.constantFrom('host', 'x-amz-date', 'accept', '__proto__', 'constructor', ''));
  const likely = fc
    .tuple(scope, names, fc.oneof(value, fc.stringMatching(/^[0-9a-f]{64}$/)))
    .map(
      ([parts, headers, signature]) =>
        `AWS4-HMAC-SHA256 Credential=${parts.join('/')}, SignedHeaders=${headers.join(';')}, Signature=${signature}`,
    );
  const pairs = fc
    .array(fc.tuple(fc.constantFrom('Credential', 'Signature', 'SignedHeaders', '__proto__', ''), value))
    .map((all) => `AWS4-HMAC-SHA256 ${all.map((pair) => pair.join('=')).join(',')}`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(value, likely, pairs), async (authorization) => {
      const { status, errorType } = await say(authorization.trim());
      expect(status).toBe(403);
      expect(errorType).toMatch(REFUSED);
    }),
    { numRuns: runs(400) },
  );
});

test('a signature with any other character in it is refused', async () => {
  const { say, authorization } = await signedRequest();
  const digits = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.constantFrom(...'0123456789abcdef'));
  await fc.assert(
    fc.asyncProperty(digits, async ([fromEnd, digit]) => {
      const at = authorization.length - fromEnd;
      fc.pre(authorization[at] !== digit);
      const changed = authorization.slice(0, at) + digit + authorization.slice(at + 1);
      expect(await say(changed)).toMatchObject({ status: 403, errorType: 'InvalidSignatureException' });
    }),
  );
});
