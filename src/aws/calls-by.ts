import type { Client, Command } from '@smithy/types';

/**
 * The calls to one service of AWS. A `read` may serve other operations, too, so only its signal ends it. A `write` ends with the
 * operation's time.
 */
export type CallsBy<C> =
  C extends Client<infer Inputs, infer Outputs, infer Config>
    ? {
        read: <Input extends Inputs, Output extends Outputs>(
          command: Command<Inputs, Input, Outputs, Output, Config>,
          signal: AbortSignal,
          /** Called whenever the call is sent to AWS. */
          onSent?: () => void,
          /** Called if it has to wait for the budget before that. */
          onHeld?: () => void,
        ) => Promise<Output>;
        /** Makes one call, with its retries. */
        write: <Input extends Inputs, Output extends Outputs>(
          command: Command<Inputs, Input, Outputs, Output, Config>,
        ) => Promise<Output>;
      }
    : never;
