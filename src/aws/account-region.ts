import {
  APIGatewayClient,
  type APIGatewayClientConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-api-gateway';
import { context as active, propagation } from '@opentelemetry/api';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import type { CertwayError, Denial } from '../errors.ts';
import { lazy } from '../maybe-promise.ts';
import { type CallBudget, createCallBudget } from './call-budget.ts';
import { type AwsDenials, createAwsDenials, isOfCredentials } from './denials.ts';
import { fromAws } from './errors.ts';
import { checkAnswers } from './responses.ts';
import { createRetryStrategy, FailedAttempt } from './retry.ts';

/** One attempt of an AWS operation, for the log and the metrics. The first attempt is 1. */
export type AwsCall = { operation: string; attempt: number; durationMs: number; error?: CertwayError };

export type AccountRegionOptions = {
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  /** The average number of calls that the process may make; 0 disables the bound. */
  callsPerSecond: number;
  onCall?: (call: AwsCall) => void;
  /** Called when `callsPerSecond` makes a call wait, or refuses it. */
  onHeldBack?: (how: 'waited' | 'refused') => void;
  /** Called when AWS refuses a call because of the credentials, and when there are none. */
  onDenied?: (operation: string, denial: Denial) => void;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` once, after so many milliseconds. */
  later: (run: () => void, ms: number) => void;
  /** If left out, the SDK looks in its usual places: environment, profile, instance. */
  region?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
};

/** An AWS account and region, as everything that asks AWS knows it. */
export type AccountRegion = {
  region: string;
  client: APIGatewayClient;
  budget: CallBudget;
  /** What AWS currently refuses. */
  denials: Pick<AwsDenials, 'list'>;
};

/** Credentials that AWS refuses are read again from their source, at most this often. */
const CREDENTIALS_AGAIN_MS = 30_000;

/**
 * The account and region that the SDK is configured for. The client's `send` rejects with a `CertwayError` only. An attempt ends within `connectTimeoutMs`
 * and `requestTimeoutMs`; the SDK alone would wait for ever. Rejects if no region is configured.
 */
export async function createAccountRegion(options: AccountRegionOptions): Promise<AccountRegion> {
  const { connectTimeoutMs, requestTimeoutMs, callsPerSecond, elapsedMs } = options;
  const { onCall = () => undefined, onHeldBack, onDenied = () => undefined } = options;
  const { region, endpoint, credentials, later } = options;
  const config: APIGatewayClientConfig & { ignoreCache: true } = {
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    ignoreCache: true, // so that the credential providers read files again
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs, // the request timeout covers the headers only; this is for a body that stalls
    },
  };
  const client = new APIGatewayClient(config);
  const sdks = client.config.retryStrategy;
  client.config.retryStrategy = lazy(async () => createRetryStrategy(await sdks()));
  checkAnswers(client);
  const denials = createAwsDenials();
  let credentialsAtMs = Number.NEGATIVE_INFINITY;

  async function noteDenial(operation: string, { aws }: CertwayError): Promise<void> {
    const denial = aws?.denial;
    if (!denial) return;
    denials.add(operation, denial);
    onDenied(operation, denial);
    if (!isOfCredentials(denial) || elapsedMs() - credentialsAtMs < CREDENTIALS_AGAIN_MS) return;
    credentialsAtMs = elapsedMs();
    await client.config.credentials({ forceRefresh: true }).catch(() => undefined); // the next call reports what is wrong
  }

  const attempt: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next, context) => async (args) => {
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
        call(failed.error);
        await noteDenial(operation, failed.error);
        throw failed;
      }
    };
  client.middlewareStack.addRelativeTo(attempt, {
    name: 'certwayAttempt',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });

  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (exception) {
        if (exception instanceof FailedAttempt) throw exception.toError();
        const operation = operationOf(context);
        const { error } = fromAws(exception, operation); // without credentials there was no attempt
        await noteDenial(operation, error);
        throw error;
      }
    },
    { name: 'certwayErrors', step: 'initialize' },
  );

  const budget = createCallBudget({
    perSecond: callsPerSecond,
    elapsedMs,
    later,
    ...(onHeldBack && { onHeldBack }),
  });
  return { client, region: await client.config.region(), budget, denials };
}

const operationOf = ({ commandName = '' }: { commandName?: string }) => commandName.replace(/Command$/, '');
