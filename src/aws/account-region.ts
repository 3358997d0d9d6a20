import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { RetryStrategyV2 } from '@smithy/types';
import type { Denial } from '../errors.ts';
import { lazy } from '../maybe-promise.ts';
import { type CallBudget, createCallBudget } from './call-budget.ts';
import { type AwsCall, prepareClient } from './client.ts';
import { type AwsDenials, createAwsDenials } from './denials.ts';

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
  /** If left out, the SDK's own, with its settings: the number of attempts and the pauses between them. */
  retryStrategy?: RetryStrategyV2;
};

/** An AWS account and region, as everything that asks AWS knows it. */
export type AccountRegion = {
  region: string;
  client: APIGatewayClient;
  /** The client for WebSocket APIs, which are in a service of AWS of their own. It is loaded when it is asked for first. */
  v2: () => Promise<ApiGatewayV2Client>;
  budget: CallBudget;
  /** What AWS currently refuses. */
  denials: Pick<AwsDenials, 'list'>;
  /** Closes the connections of the clients. */
  destroy(): void;
};

/**
 * The account and region that the SDK is configured for. The clients' `send` rejects with a `CertwayError` only. An attempt ends within `connectTimeoutMs`
 * and `requestTimeoutMs`; the SDK alone would wait for ever. Rejects if no region is configured.
 */
export async function createAccountRegion(options: AccountRegionOptions): Promise<AccountRegion> {
  const { connectTimeoutMs, requestTimeoutMs, callsPerSecond, elapsedMs } = options;
  const { onCall = () => undefined, onHeldBack, onDenied = () => undefined } = options;
  const { region, endpoint, credentials, retryStrategy, later } = options;
  const config = {
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    ...(retryStrategy && { retryStrategy }),
    ignoreCache: true, // so that the credential providers read files again
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs, // the request timeout covers the headers only; this is for a body that stalls
    },
  };
  const denials = createAwsDenials();
  const shared = { denials, onCall, onDenied, elapsedMs };
  const client = new APIGatewayClient(config);
  prepareClient(client, { ...shared, nameOf: (operation) => operation });
  let made: ApiGatewayV2Client | undefined;
  const v2 = lazy(async () => {
    const { ApiGatewayV2Client } = await import('@aws-sdk/client-apigatewayv2');
    made = new ApiGatewayV2Client(config);
    // Both services have one host at AWS: where an endpoint is set for the first alone, it is that of the second, too.
    const ofFirst = client.config.serviceConfiguredEndpoint;
    const own = made.config.serviceConfiguredEndpoint;
    made.config.serviceConfiguredEndpoint = async () => (await own?.()) ?? ofFirst?.();
    prepareClient(made, { ...shared, nameOf: (operation) => `${operation} (v2)` });
    return made;
  });
  const budget = createCallBudget({
    perSecond: callsPerSecond,
    elapsedMs,
    later,
    ...(onHeldBack && { onHeldBack }),
  });
  const destroy = () => {
    client.destroy();
    made?.destroy();
  };
  return { client, v2, region: await client.config.region(), budget, denials, destroy };
}
