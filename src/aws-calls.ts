import type { APIGatewayClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-api-gateway';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Command } from '@smithy/types';
import { UpstreamError } from './errors.ts';

/** How often one operation called AWS, repeated calls included, and for how long it waited for that. */
export type CallCount = { calls: number; durationMs: number };

/** `read` ends with the client that waits for it, or with the time; `write` with the time alone. */
export type AwsCalls = { read: Send; write: Send; count: CallCount };

type Send = <Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: Command<ServiceInputTypes, Input, ServiceOutputTypes, Output, APIGatewayClient['config']>,
) => Promise<Output>;

export type AwsCallsOptions = {
  client: APIGatewayClient;
  /** When it is aborted, nobody waits for an answer any more. */
  gone: AbortSignal;
  /** How long all of them may take together, from now on. */
  timeoutMs: number;
};

/**
 * The calls of AWS that one GraphQL operation makes, counted and traced. A write is not given up half-way because its
 * client has gone: nobody could tell whether it happened.
 */
export function createAwsCalls({ client, gone, timeoutMs }: AwsCallsOptions): AwsCalls {
  const count: CallCount = { calls: 0, durationMs: 0 };
  const tracer = trace.getTracer('certway');
  const deadlineAtMs = performance.now() + timeoutMs;
  const sendUnless =
    (...given: AbortSignal[]): Send =>
    (command) =>
      tracer.startActiveSpan(nameOf(command), { kind: SpanKind.CLIENT }, async (span) => {
        const startedAtMs = performance.now();
        const tooLate = new AbortController();
        // Below the SDK's retries, since of a call that was given up the SDK does not tell how many there were.
        command.middlewareStack.add(
          (next) => (args) => {
            count.calls++;
            return next(args);
          },
          { name: 'certwayCount', step: 'finalizeRequest' },
        );
        const leftMs = deadlineAtMs - startedAtMs;
        const timer = setTimeout(() => tooLate.abort(), Math.max(leftMs, 0));
        try {
          if (leftMs < 1) throw tooLateToAsk(); // a timer may be early by less than that
          return await client.send(command, { abortSignal: AbortSignal.any([...given, tooLate.signal]) });
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : '' });
          throw error;
        } finally {
          clearTimeout(timer);
          count.durationMs += performance.now() - startedAtMs;
          span.end();
        }
      });
  return { read: sendUnless(gone), write: sendUnless(), count };
}

/** A write of which nobody could wait for the answer is better not made. */
const tooLateToAsk = () =>
  new UpstreamError('UPSTREAM_TIMEOUT', 'The time for the operation was over before AWS was asked.');

const nameOf = (command: object) => command.constructor.name.replace(/Command$/, '');
