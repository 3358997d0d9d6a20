import { STSClient } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import type { AwsCredentialIdentity } from '@smithy/types';
import { SESSION_NAME, startSession } from './assume-role.ts';
import type { SharedSettings } from './sdk-settings.ts';
import type { StsClients } from './sts-clients.ts';

/** What the files of the SDK say of profiles. */
export type Profiles = {
  /**
   * The credentials of a profile. They are nobody else's: where the SDK's whole chain would go on with those of the environment or
   * of the instance, it rejects. A role of the profile is assumed in `region`.
   */
  credentialsOf(name: string, region: string): Promise<AwsCredentialIdentity>;
  /** The region that is configured for a profile, or else for the SDK. Rejects if there is none. */
  regionOf(name: string | undefined): Promise<string>;
};

/** The SDK's name for a session whose profile has none. */
const UNNAMED = /^aws-sdk-js-\d+$/;

export function createProfiles(config: SharedSettings, stsClients: StsClients): Profiles {
  const { region: _, ...clientConfig } = config; // sign-ins are where their profile says
  const { requestHandler } = config;

  return {
    credentialsOf: async (profile, region) =>
      fromIni({
        profile,
        ignoreCache: true, // so that changed files are read again
        clientConfig,
        roleAssumer: async (source, { RoleSessionName: sessionName = '', ...role }) =>
          startSession(stsClients.create(region, source), {
            ...role,
            RoleSessionName: UNNAMED.test(sessionName) ? SESSION_NAME : sessionName,
          }),
      })({ callerClientConfig: { profile, region: async () => region, requestHandler } }),
    regionOf: async (profile) => new STSClient({ ...config, ...(profile && { profile }) }).config.region(),
  };
}
