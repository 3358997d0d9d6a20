import type { RetryErrorInfo, RetryStrategyV2, SdkError } from '@smithy/types';
import { expect, test } from 'vitest';
import { fromAws } from '../../src/aws/errors.ts';
import { createRetryStrategy, FailedAttempt } from '../../src/aws/retry.ts';
import { UpstreamError } from '../../src/errors/errors.ts';

const token = { getRetryCount: () => 0, getRetryDelay: () => 0 };

/** The type of an error as the SDK's strategy gets it. */
async function toldOf(error: Error): Promise<RetryErrorInfo['errorType'] | undefined> {
  let told: RetryErrorInfo | undefined;
  const sdks: RetryStrategyV2 = {
    acquireInitialRetryToken: async () => token,
    recordSuccess: () => undefined,
    refreshRetryTokenForRetry: async (_, info) => {
      told = info;
      return token;
    },
  };
  await createRetryStrategy(sdks).refreshRetryTokenForRetry(token, {
    error: error as SdkError,
    errorType: 'SERVER_ERROR',
  });
  return told?.errorType;
}

const exception = (name: string, $metadata: object = {}) =>
  Object.assign(new Error(name), { name, $metadata });

test.for<[name: string, operation: string, errorType: RetryErrorInfo['errorType']]>([
  ['TooManyRequestsException', 'GetClientCertificates', 'THROTTLING'],
  ['TooManyRequestsException', 'GenerateClientCertificate', 'THROTTLING'],
  ['LimitExceededException', 'GetClientCertificates', 'THROTTLING'],
  ['LimitExceededException', 'GenerateClientCertificate', 'CLIENT_ERROR'],
  ['TimeoutError', 'GetClientCertificates', 'TRANSIENT'],
  ['TimeoutError', 'DeleteClientCertificate', 'TRANSIENT'],
  ['TimeoutError', 'GenerateClientCertificate', 'CLIENT_ERROR'],
  ['TimeoutError', 'CreateVpcLink', 'CLIENT_ERROR'],
  ['NotFoundException', 'GetClientCertificate', 'CLIENT_ERROR'],
])('a %s of %s is a %s', async ([name, operation, errorType]) => {
  expect(await toldOf(fromAws(exception(name), operation))).toBe(errorType);
});

test('a call that failed because of a clock that is now corrected is retried, because AWS did nothing', async () => {
  const skewed = exception('InvalidSignatureException', { httpStatusCode: 403, clockSkewCorrected: true });
  expect(await toldOf(fromAws(skewed, 'GenerateClientCertificate'))).toBe('TRANSIENT');
});

test.for([
  ['an attempt that does not say so', new FailedAttempt(new UpstreamError('THROTTLED', 'later'))],
  ['any other error', new UpstreamError('THROTTLED', 'later')],
] as const)('%s is not repeated', async ([, error]) => {
  expect(await toldOf(error)).toBe('CLIENT_ERROR');
});
