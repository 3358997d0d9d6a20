import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { lazyFor } from '../maybe-promise.ts';
import type { SharedSettings } from './sdk-settings.ts';

/** The clients of STS, each at a region's own endpoint. */
export type StsClients = {
  /** With the credentials that the SDK is configured for, made when it is asked for first. */
  of(region: string): STSClient;
  /** With other credentials. Nobody keeps it. */
  create(region: string, credentials: STSClientConfig['credentials']): STSClient;
};

/** `prepare` is called with each client. They share the connections in `config`, so that there is nothing of their own to close. */
export function createStsClients(config: SharedSettings, prepare: (client: STSClient) => void): StsClients {
  function create(region: string, credentials?: STSClientConfig['credentials']): STSClient {
    const client = new STSClient({ ...config, region, ...(credentials && { credentials }) });
    prepare(client);
    return client;
  }

  return { of: lazyFor((region: string) => create(region)), create };
}
