import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Client, Command, FinalizeRequestMiddleware, MetadataBearer } from '@smithy/types';
import { UpstreamError } from '../errors/errors.ts';
import { within } from '../time/clock.ts';
import type { AccountRegion } from './account-region.ts';
import { heldTooLong, type Urgency } from './call-budget.ts';
import type { CallsBy } from './calls-by.ts';
import { createOperationEnd, type OperationEnd, type OperationEndOptions } from './operation-end.ts';
import { FailedAttempt } from './retry.ts';
import { type AwsUse, createAwsUse } from './use.ts';

export type AwsCalls = CallsBy<APIGatewayClient> & {
  /** The calls that are about WebSocket APIs. They are counted and bounded with the others. */
  v2: CallsBy<ApiGatewayV2Client>;
  whenOver: OperationEnd['whenOver'];
  /** Measures the waiting time until the returned function is called; overlapping times count once. */
  startWaiting(): () => void;
  /** Whether it may make one more call. */
  hasCallsLeft(): boolean;
  /** How many more calls it may make, and for how long; none once its client has left. */
  left(): { calls: number; ms: number };
  /** Whether failed calls are repeated as `retry.ts` says. */
  repeats: boolean;
  use: AwsUse;
};

/** Makes one call, with its retries. */
export type Send = AwsCalls['write'];

export type AwsCallsOptions = OperationEndOptions & {
  /** Where the calls of the operation in other accounts and regions are counted, too; by default they are counted alone. */
  use?: AwsUse;
  /** Every call waits for its budget, retries included. */
  accountRegion: Pick<AccountRegion, 'client' | 'v2' | 'budget'>;
  /** The client whose operation it is; clients take turns. */
  onBehalfOf: string;
  /** The maximum number of calls there, retries included. */
  maxCalls: number;
  repeats?: boolean;
};

/** Who is told when a call is sent to AWS, and before that when there are credentials for it, and if it has to wait for the budget. */
type Told = {
  onSent?: (() => void) | undefined;
  onHeld?: (() => void) | undefined;
  onReady?: () => void;
};

/**
 * The AWS calls of one GraphQL operation to an account and region, counted, bounded and traced. A write is not abandoned when its client leaves,
 * because nobody could tell whether it happened.
 */
export function createAwsCalls(options: AwsCallsOptions): AwsCalls {
  const { accountRegion, onBehalfOf, maxCalls, clock } = options;
  const { repeats = true, use = createAwsUse() } = options;
  const { v2, budget } = accountRegion;
  const { timeLeftMs, leftMs, whenOver } = createOperationEnd(options);

  let made = 0;
  const hasCallsLeft = () => made < maxCalls;

  let waitingFor = 0;
  let waitingSinceMs = 0;

  function startWaiting(): () => void {
    if (waitingFor === 0) waitingSinceMs = clock.elapsedMs();
    waitingFor += 1;
    return () => {
      waitingFor -= 1;
      if (waitingFor === 0) use.durationMs += clock.elapsedMs() - waitingSinceMs;
    };
  }

  async function send<
    Inputs extends object,
    Outputs extends MetadataBearer,
    Config,
    Input extends Inputs,
    Output extends Outputs,
  >(
    client: Client<Inputs, Outputs, Config>,
    command: Command<Inputs, Input, Outputs, Output, Config>,
    abortSignal: AbortSignal,
    urgency: Urgency,
    { onSent = () => {}, onHeld, onReady = () => {} }: Told,
  ): Promise<Output> {
    let isHeld = false;
    // Below the SDK's retries, because the SDK does not tell how many attempts an aborted call had.
    const count: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
      onReady();
      if (!hasCallsLeft()) throw new FailedAttempt(tooManyCalls(maxCalls));
      made += 1;
      use.calls += 1;
      isHeld = true;
      await budget.take(urgency, onBehalfOf, abortSignal, onHeld).catch((error) => {
        made -= 1;
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
          throw isHeld && abortSignal.aborted ? heldTooLong() : error; // the SDK notices the signal first
        } finally {
          span.end();
        }
      });
  }

  const urgencyOfReads = repeats ? 'read' : 'background';

  async function write<R>(send: (signal: AbortSignal, onReady: () => void) => Promise<R>): Promise<R> {
    if (timeLeftMs() < 1) throw tooLateToAsk(); // a timer may be early by less than a millisecond
    const stopWaiting = startWaiting();
    const tooLate = new AbortController();
    let isReady = false;
    const onReady = () => {
      isReady = true;
    };
    const giveUp = () => {
      tooLate.abort();
      return isReady ? undefined : tooLateToAsk(); // the SDK does not look at the signal while it waits for credentials
    };
    return within(timeLeftMs(), clock, giveUp, () => send(tooLate.signal, onReady)).finally(stopWaiting);
  }

  return {
    use,
    repeats,
    startWaiting,
    hasCallsLeft,
    left: () => ({ calls: maxCalls - made, ms: leftMs() }),
    read: (command, signal, onSent, onHeld) =>
      send(accountRegion.client, command, signal, urgencyOfReads, { onSent, onHeld }),
    write: (command) =>
      write((signal, onReady) => send(accountRegion.client, command, signal, 'write', { onReady })),
    v2: {
      read: async (command, signal, onSent, onHeld) =>
        send(await v2(), command, signal, urgencyOfReads, { onSent, onHeld }),
      write: (command) =>
        write(async (signal, onReady) => send(await v2(), command, signal, 'write', { onReady })),
    },
    whenOver,
  };
}

/** A write whose answer nobody could wait for is not sent. */
const tooLateToAsk = () =>
  new UpstreamError('UPSTREAM_TIMEOUT', 'The operation timed out before AWS was asked.');

const tooManyCalls = (maxCalls: number) =>
  new UpstreamError(
    'TOO_MANY_UPSTREAM_CALLS',
    `An operation may call AWS ${maxCalls} times, and this one would need more.`,
  );

const nameOf = (command: object) => command.constructor.name.replace(/Command$/, '');
