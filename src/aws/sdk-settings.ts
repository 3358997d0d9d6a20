import { APIGatewayClient, type APIGatewayClientConfig } from '@aws-sdk/client-api-gateway';
import { lazy } from '../maybe-promise.ts';

/** The settings for any client. */
export type SharedSettings = Omit<
  APIGatewayClientConfig,
  'extensions' | 'httpAuthSchemeProvider' | 'requestHandler'
> &
  Pick<APIGatewayClient['config'], 'requestHandler'>;

/**
 * What all clients of the SDK have in common. It is read from the environment and the files of the SDK once, not by each client,
 * which would take longer than its first call; and all clients share their connections.
 */
export type SdkSettings = {
  shared(): SharedSettings;
  createClient(own: APIGatewayClientConfig): APIGatewayClient;
  /** Rejects if no region is configured. */
  region(): Promise<string>;
};

export function createSdkSettings(given: APIGatewayClientConfig): SdkSettings {
  const first = lazy(() => new APIGatewayClient(given).config);
  /** Its provider asks for its region first, which may not be configured: so it has one of its own, which says nothing of FIPS. */
  const useFips = lazy(() => new APIGatewayClient({ ...given, region: 'us-east-1' }).config.useFipsEndpoint);

  function shared(): SharedSettings {
    const { requestHandler, maxAttempts, retryMode, authSchemePreference, ...config } = first();
    const { defaultsMode, useDualstackEndpoint, userAgentAppId } = config;
    return {
      ...given,
      requestHandler,
      maxAttempts,
      retryMode,
      authSchemePreference,
      defaultsMode,
      useDualstackEndpoint,
      useFipsEndpoint: useFips(),
      userAgentAppId,
    };
  }

  return {
    shared,
    createClient: (own) => {
      const client = new APIGatewayClient({ ...shared(), ...own });
      Object.assign(client.config, { serviceConfiguredEndpoint: first().serviceConfiguredEndpoint });
      return client;
    },
    region: async () => first().region(),
  };
}
