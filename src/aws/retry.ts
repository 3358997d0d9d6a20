import type { RetryErrorType, RetryStrategy, RetryStrategyV2 } from '@smithy/types';
import type { CertwayError } from '../errors/errors.ts';

/** Why a call may be repeated: AWS throttled it and did nothing, or it failed and repeating it is harmless. */
export type Repeat = 'throttling' | 'transient';

/**
 * The failure of one attempt. The SDK sees it in place of its own exception while it decides about another attempt; the
 * caller gets `error`.
 */
export class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt';
  readonly error: CertwayError;
  /** If left out, the call is not repeated. */
  readonly repeat: Repeat | undefined;

  constructor(error: CertwayError, repeat?: Repeat) {
    super(error.message, { cause: error });
    this.error = error;
    this.repeat = repeat;
  }
}

const TYPES = { throttling: 'THROTTLING', transient: 'TRANSIENT' } satisfies Record<Repeat, RetryErrorType>;

/** The SDK's own strategy decides when and how often a call is repeated; the attempt says whether it may be. */
export function createRetryStrategy(sdks: RetryStrategy | RetryStrategyV2): RetryStrategyV2 {
  if (!('refreshRetryTokenForRetry' in sdks)) throw new TypeError('the SDK has no retry tokens');
  return {
    acquireInitialRetryToken: (scope) => sdks.acquireInitialRetryToken(scope),
    recordSuccess: (token) => sdks.recordSuccess(token),
    refreshRetryTokenForRetry: (token, info) => {
      const repeat = info.error instanceof FailedAttempt ? info.error.repeat : undefined;
      return sdks.refreshRetryTokenForRetry(token, {
        ...info,
        errorType: repeat ? TYPES[repeat] : 'CLIENT_ERROR',
      });
    },
  };
}
