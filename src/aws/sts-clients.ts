import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

/** The clients of STS. Each is made when it is asked for first. */
export type StsClients = {
  /** For a profile, or else for the account that the SDK is configured for, at a region's own endpoint. */
  of(profile: string | undefined, region: string | undefined): STSClient;
  /** The region that is configured for a profile, or else for the SDK. Rejects if there is none. */
  regionOf(profile: string | undefined): Promise<string>;
  destroy(): void;
};

/** `prepare` is called with each client. */
export function createStsClients(config: STSClientConfig, prepare: (client: STSClient) => void): StsClients {
  const clients = new Map<string, STSClient>();

  function of(profile: string | undefined, region: string | undefined): STSClient {
    const key = `${profile ?? ''} ${region ?? ''}`;
    const known = clients.get(key);
    if (known) return known;
    const client = new STSClient({ ...config, ...(profile && { profile }), ...(region && { region }) });
    prepare(client);
    clients.set(key, client);
    return client;
  }

  return {
    of,
    regionOf: async (profile) => of(profile, undefined).config.region(),
    destroy: () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}
