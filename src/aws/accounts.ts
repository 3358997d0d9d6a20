import type { STSClient } from '@aws-sdk/client-sts';
import { type AccountSetting, regionsOf } from '../settings/accounts.ts';
import { ConfigError } from '../settings/config.ts';
import { type Account, type AccountOptions, createAccount } from './account.ts';
import { createProfiles } from './profiles.ts';
import type { SharedSettings } from './sdk-settings.ts';
import { createStsClients } from './sts-clients.ts';

export type AccountsOptions = Pick<AccountOptions, 'timeoutMs' | 'now' | 'elapsedMs' | 'later'> & {
  settings: readonly AccountSetting[];
  /** If there are none, that of each profile, and for roles that of the SDK. */
  regions: readonly string[];
  /** The settings of every client of the SDK. */
  sdk: SharedSettings;
  prepareSts: (client: STSClient) => void;
};

/** The accounts in the settings, each with its regions. Rejects with a `ConfigError` that names all that have none. */
export async function createAccounts({
  settings,
  regions,
  sdk,
  prepareSts,
  ...rest
}: AccountsOptions): Promise<{ account: Account; regions: string[] }[]> {
  const stsClients = createStsClients(sdk, prepareSts);
  const profiles = createProfiles(sdk, stsClients);
  const { credentials } = sdk;
  // On the emulator, the credentials are given, whatever the profile.
  const ofProfile = credentials
    ? async (_: string, region: string) => stsClients.of(region).config.credentials()
    : profiles.credentialsOf;
  const complaints: string[] = [];

  async function regionsFor(setting: AccountSetting): Promise<string[]> {
    if (regions.length > 0) return regionsOf(setting, regions);
    const { name, role } = setting;
    const region = await profiles.regionOf(role ? undefined : name).catch(({ message }: Error) => {
      const places = role ? 'in AWS_REGIONS or AWS_REGION' : 'in AWS_REGIONS, AWS_REGION or its profile';
      complaints.push(`ACCOUNTS: expected a region for ${name} ${places}: ${message}`);
    });
    const own = region === undefined ? [] : regionsOf(setting, [region]);
    if (region !== undefined && own.length === 0)
      complaints.push(
        `ACCOUNTS: expected a region of the partition ${role?.partition} for ${name} in AWS_REGIONS or AWS_REGION, got ${region}`,
      );
    return own;
  }

  const all = await Promise.all(settings.map(regionsFor));
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  return settings.map((setting, i) => {
    const own = all[i] ?? [];
    const [region = ''] = own;
    return { account: createAccount({ ...rest, setting, region, stsClients, ofProfile }), regions: own };
  });
}
