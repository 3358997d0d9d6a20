import { context as active, propagation } from '@opentelemetry/api';
import type {
  FinalizeRequestMiddleware,
  MetadataBearer,
  MiddlewareStack,
  Provider,
  RetryStrategy,
  RetryStrategyV2,
} from '@smithy/types';
import { type CertwayError, type Denial, UpstreamError } from '../errors/errors.ts';
import { lazy } from '../maybe-promise.ts';
import { type AwsDenials, isOfCredentials } from './denials.ts';
import { fromAws } from './errors.ts';
import { checkAnswers } from './responses.ts';
import { createRetryStrategy, FailedAttempt } from './retry.ts';

/** One attempt of an AWS operation, for the log and the metrics. The first attempt is 1. */
export type AwsCall = { operation: string; attempt: number; durationMs: number; error?: CertwayError };

/** What is used here of any client of the SDK. */
type SdkClient<Inputs extends object, Outputs extends MetadataBearer> = {
  config: {
    retryStrategy: Provider<RetryStrategy | RetryStrategyV2>;
    credentials(options: { forceRefresh: true }): Promise<unknown>;
  };
  middlewareStack: MiddlewareStack<Inputs, Outputs>;
};

export type ClientOptions = {
  /** What AWS refuses is noted here. */
  denials: Pick<AwsDenials, 'add' | 'clear'>;
  onCall: (call: AwsCall) => void;
  onDenied: (operation: string, denial: Denial) => void;
  elapsedMs: () => number;
  /** The name of an operation, given the SDK's name for it, such as `GetStages`. */
  nameOf: (operation: string) => string;
};

/** Credentials that AWS refuses are read again from their source, at most this often. */
const CREDENTIALS_AGAIN_MS = 30_000;

/**
 * Makes a client of the SDK reject with a `CertwayError` only, report its attempts, repeat what may be repeated, refuse answers
 * that are none, and read its credentials again when AWS refuses them.
 */
export function prepareClient<Inputs extends object, Outputs extends MetadataBearer>(
  { config, middlewareStack }: SdkClient<Inputs, Outputs>,
  { denials, onCall, onDenied, elapsedMs, nameOf }: ClientOptions,
): void {
  const sdks = config.retryStrategy;
  config.retryStrategy = lazy(async () => createRetryStrategy(await sdks()));
  checkAnswers(middlewareStack);
  middlewareStack.remove('loggerMiddleware'); // it would copy every answer for a log that nobody reads
  const operationOf = ({ commandName = '' }: { commandName?: string }) =>
    nameOf(commandName.replace(/Command$/, ''));
  let credentialsAtMs = Number.NEGATIVE_INFINITY;

  async function noteDenial(operation: string, { aws }: CertwayError): Promise<void> {
    const denial = aws?.denial;
    if (!denial) return;
    denials.add(operation, denial);
    onDenied(operation, denial);
    if (!isOfCredentials(denial) || elapsedMs() - credentialsAtMs < CREDENTIALS_AGAIN_MS) return;
    credentialsAtMs = elapsedMs();
    await config.credentials({ forceRefresh: true }).catch(() => undefined); // the next call reports what is wrong
  }

  /** The calls whose present attempt was handed to the network: before that, credentials are asked for. */
  const sent = new WeakSet<object>();
  /** The calls of which an attempt has failed that may have made the change. */
  const unsure = new WeakSet<object>();

  /** What a failed attempt, or the end of a call between two attempts, says about the change. */
  function sayWhatMayHaveHappened(context: object, error: CertwayError): void {
    if (unsure.has(context)) error.isAfterUnsure = true;
    if (error instanceof UpstreamError) {
      error.mayHaveHappened = unsure.has(context) || (error.mayHaveHappened && sent.has(context));
      if (error.mayHaveHappened) unsure.add(context);
    }
    sent.delete(context);
  }

  const attempt: FinalizeRequestMiddleware<Inputs, Outputs> = (next, context) => async (args) => {
    const operation = operationOf(context);
    const { headers } = args.request as { headers: Record<string, string> };
    propagation.inject(active.active(), headers); // W3C trace context, before the request is signed
    const attempt = Number(/attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1);
    const startedAtMs = performance.now();
    const call = (error?: CertwayError) =>
      onCall({ operation, attempt, durationMs: performance.now() - startedAtMs, ...(error && { error }) });
    try {
      const result = await next(args);
      call();
      denials.clear(operation);
      return result;
    } catch (exception) {
      const failed = fromAws(exception, operation);
      sayWhatMayHaveHappened(context, failed.error);
      call(failed.error);
      await noteDenial(operation, failed.error);
      throw failed;
    }
  };
  middlewareStack.add(
    (next, context) => (args) => {
      sent.add(context);
      return next(args);
    },
    { name: 'certwaySent', step: 'deserialize', priority: 'low' },
  );
  middlewareStack.addRelativeTo(attempt, {
    name: 'certwayAttempt',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });

  middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (exception) {
        if (exception instanceof FailedAttempt) throw exception.error;
        const operation = operationOf(context);
        const { error } = fromAws(exception, operation);
        sayWhatMayHaveHappened(context, error);
        await noteDenial(operation, error);
        throw error;
      }
    },
    { name: 'certwayErrors', step: 'initialize' },
  );
}
