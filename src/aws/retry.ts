import type { RetryErrorType, RetryStrategy, RetryStrategyV2 } from '@smithy/types';
import type { CertwayError } from '../errors.ts';

/** Why a call may be repeated: AWS did nothing, for it had too many; or the call failed, and to repeat it is harmless. */
export type Repeat = 'throttling' | 'transient';

/**
 * How one attempt to call AWS failed: what the SDK sees in the place of its own exception while it decides about another
 * attempt. Those who called see `error`.
 */
export class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt';
  readonly error: CertwayError;
  /** Left out, the call is not repeated. */
  readonly repeat: Repeat | undefined;
  /** The SDK notes here how many attempts there were, once it gives up. */
  $metadata: { attempts?: number } = {};

  constructor(error: CertwayError, repeat?: Repeat) {
    super(error.message, { cause: error });
    this.error = error;
    this.repeat = repeat;
  }

  /** For those who called, once no other attempt follows. */
  toError(): CertwayError {
    const { attempts } = this.$metadata;
    return Object.assign(this.error, attempts && { attempts });
  }
}

const TYPES = { throttling: 'THROTTLING', transient: 'TRANSIENT' } satisfies Record<Repeat, RetryErrorType>;

/** Has the SDK's own strategy say when and how often a call is repeated; whether it may be, the attempt says. */
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
