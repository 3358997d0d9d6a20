import type { APIGatewayClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-api-gateway';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Command, FinalizeRequestMiddleware } from '@smithy/types';
import { UpstreamError } from '../errors.ts';
import { type CallBudget, heldTooLong, type Urgency } from './call-budget.ts';
import { FailedAttempt } from './retry.ts';
import type { Stamp } from './stamps.ts';

/** What one operation had of AWS, and how it came by it. */
export type AwsUse = {
  /** How often it called AWS, repeated calls included. */
  calls: number;
  /** How many of its reads were answered by a call that another operation had made and was waiting for. */
  joined: number;
  /** How many were answered by what was known already. */
  reused: number;
  /** How long it waited for AWS. */
  durationMs: number;
  /** From when all is that it has seen: one stamp for each collection that it touched. */
  stamps: readonly Stamp[];
  /** How old the oldest answer is that stood in for a fresh one; 0 where none did. */
  staleMs: number;
};

/** How old an answer is that stands in for a fresh one, in whole seconds; undefined where none does. */
export const staleSecondsOf = (use: AwsUse | undefined): number | undefined =>
  use && use.staleMs > 0 ? Math.ceil(use.staleMs / 1000) : undefined;

/** A `read` may serve other operations too: it ends with its signal alone. A `write` ends with the operation's time. */
export type AwsCalls = {
  read: <Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: AwsCommand<Input, Output>,
    signal: AbortSignal,
    /** Called when it leaves for AWS, each time that it does. */
    onSent?: () => void,
  ) => Promise<Output>;
  write: Send;
  /**
   * Has `run` called, later, once nobody waits for the operation any more, or its time is over; the answer takes that
   * back.
   */
  whenOver(run: () => void): () => void;
  /** Counts the time until the answer is called, once where it waits for several things. */
  startWaiting(): () => void;
  /** Whether it may make one more call. */
  hasCallsLeft(): boolean;
  /** Whether a call that failed is repeated, as `retry.ts` has it. */
  repeats: boolean;
  use: AwsUse;
};

/** Makes one call, repeated ones included. */
export type Send = <Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: AwsCommand<Input, Output>,
) => Promise<Output>;

type AwsCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = Command<
  ServiceInputTypes,
  Input,
  ServiceOutputTypes,
  Output,
  APIGatewayClient['config']
>;

export type AwsCallsOptions = {
  client: APIGatewayClient;
  /** Every call, repeated ones included, waits until it may be made. */
  budget: CallBudget;
  /** Whose operation it is: clients have their calls in turn. */
  onBehalfOf: string;
  /** Its signal is aborted when nobody waits for an answer any more. */
  gone: () => AbortSignal;
  /** How long all of them may take together, from now on. */
  timeoutMs: number;
  /** How many there may be, repeated calls included. */
  maxCalls: number;
  repeats?: boolean;
};

/**
 * The calls of AWS that one GraphQL operation makes, counted, bounded and traced. A write is not given up half-way
 * because its client has gone: nobody could tell whether it happened.
 */
export function createAwsCalls(options: AwsCallsOptions): AwsCalls {
  const { client, budget, onBehalfOf, gone, timeoutMs, maxCalls, repeats = true } = options;
  const use: AwsUse = { calls: 0, joined: 0, reused: 0, durationMs: 0, stamps: [], staleMs: 0 };
  const deadlineAtMs = performance.now() + timeoutMs;
  const leftMs = () => Math.max(deadlineAtMs - performance.now(), 0);

  const hasCallsLeft = () => use.calls < maxCalls;

  let waitingFor = 0;
  let waitingSinceMs = 0;

  function startWaiting(): () => void {
    if (waitingFor === 0) waitingSinceMs = performance.now();
    waitingFor += 1;
    return () => {
      waitingFor -= 1;
      if (waitingFor === 0) use.durationMs += performance.now() - waitingSinceMs;
    };
  }

  async function send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: AwsCommand<Input, Output>,
    abortSignal: AbortSignal,
    urgency: Urgency,
    onSent = () => {},
  ): Promise<Output> {
    let isHeld = false;
    // Below the SDK's retries, since of a call that was given up the SDK does not tell how many there were.
    const count: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
      if (!hasCallsLeft()) throw new FailedAttempt(tooManyCalls(maxCalls));
      use.calls += 1;
      isHeld = true;
      await budget.take(urgency, onBehalfOf, abortSignal).catch((error) => {
        use.calls -= 1;
        throw new FailedAttempt(error);
      });
      isHeld = false;
      onSent();
      if (repeats) return next(args);
      return next(args).catch((error) => {
        throw error instanceof FailedAttempt ? new FailedAttempt(error.error) : error;
      });
    };
    command.middlewareStack.addRelativeTo(count, {
      name: 'certwayCount',
      relation: 'after',
      toMiddleware: 'retryMiddleware',
    });
    return trace
      .getTracer('certway')
      .startActiveSpan(nameOf(command), { kind: SpanKind.CLIENT }, async (span) => {
        try {
          return await client.send(command, { abortSignal });
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : '' });
          throw isHeld && abortSignal.aborted ? heldTooLong() : error; // the SDK sees the signal first
        } finally {
          span.end();
        }
      });
  }

  return {
    use,
    repeats,
    startWaiting,
    hasCallsLeft,
    read: (command, signal, onSent) => send(command, signal, repeats ? 'read' : 'background', onSent),
    write: async (command) => {
      if (leftMs() < 1) throw tooLateToAsk(); // a timer may be early by less than that
      const stopWaiting = startWaiting();
      const tooLate = new AbortController();
      const timer = setTimeout(() => tooLate.abort(), leftMs());
      try {
        return await send(command, tooLate.signal, 'write');
      } finally {
        clearTimeout(timer);
        stopWaiting();
      }
    },
    whenOver: (run) => {
      const signal = gone();
      const takeBack = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
      };
      const over = () => {
        takeBack();
        run();
      };
      const timer = setTimeout(over, leftMs());
      signal.addEventListener('abort', over);
      if (signal.aborted) queueMicrotask(over);
      return takeBack;
    },
  };
}

/** A write of which nobody could wait for the answer is better not made. */
const tooLateToAsk = () =>
  new UpstreamError('UPSTREAM_TIMEOUT', 'The operation timed out before AWS was asked.');

const tooManyCalls = (maxCalls: number) =>
  new UpstreamError(
    'TOO_MANY_UPSTREAM_CALLS',
    `An operation may call AWS ${maxCalls} times, and this one would need more.`,
  );

const nameOf = (command: object) => command.constructor.name.replace(/Command$/, '');
