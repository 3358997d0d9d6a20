import {
  APIGatewayClient,
  type APIGatewayClientConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-api-gateway';
import { context as active, propagation } from '@opentelemetry/api';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import { checkAnswers } from './aws-answers.ts';
import { fromAws } from './aws-errors.ts';
import { CertwayError } from './errors.ts';

/** One attempt, the first is 1, of one AWS operation, as the log and the metrics see it. */
export type AwsCall = { operation: string; attempt: number; durationMs: number; error?: CertwayError };

export type ApiGatewayOptions = {
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  onCall?: (call: AwsCall) => void;
  /** Left out, each of these is found as the SDK always finds it: environment, profile, instance. */
  region?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
};

/** The SDK's client, and the region that it talks to. */
export type ApiGateway = { client: APIGatewayClient; region: string };

/**
 * The one client of this process. Every error that its `send` rejects with is a `CertwayError`. A call ends within
 * `connectTimeoutMs` and `requestTimeoutMs` an attempt; the SDK alone would wait for ever. Rejects where no region is
 * configured.
 */
export async function createApiGateway(options: ApiGatewayOptions): Promise<ApiGateway> {
  const { connectTimeoutMs, requestTimeoutMs, onCall = () => undefined, ...connection } = options;
  const config: APIGatewayClientConfig = {
    ...connection,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs, // the request timeout ends with the headers; this is for a body that stalls
    },
  };
  const client = new APIGatewayClient(config);
  checkAnswers(client);

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
        return result;
      } catch (exception) {
        const error = fromAws(exception, operation);
        call(error);
        throw error;
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
        if (exception instanceof CertwayError) throw exception;
        throw fromAws(exception, operationOf(context)); // no credentials: there was no attempt
      }
    },
    { name: 'certwayErrors', step: 'initialize' },
  );

  return { client, region: await client.config.region() };
}

const operationOf = ({ commandName = '' }: { commandName?: string }) => commandName.replace(/Command$/, '');
