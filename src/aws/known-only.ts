import type { AwsCalls } from './calls.ts';
import type { AwsUse } from './use.ts';

/** The calls of an operation that is answered with what is known, or not at all: whoever wants to ask AWS, calls `onAsk`. */
export const createNoAwsCalls = (use: AwsUse, onAsk: () => never): AwsCalls => ({
  use,
  repeats: true,
  read: onAsk,
  write: onAsk,
  v2: { read: onAsk, write: onAsk },
  whenOver: onAsk,
  startWaiting: onAsk,
  hasCallsLeft: onAsk,
  left: onAsk,
});
