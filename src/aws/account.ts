import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { type AccountSetting, isAccountId } from '../settings/accounts.ts';
import { assumeRole } from './assume-role.ts';
import { fromAws, notAnswered, unreadableAnswer } from './errors.ts';
import { createSharedAnswer, type SharedAnswerOptions } from './shared-answer.ts';
import type { StsClients } from './sts-clients.ts';

/** An AWS account: how calls there are signed, and what it is called. */
export type Account = {
  /** As in the settings; undefined for the account that the SDK is configured for. */
  name: string | undefined;
  /** Its 12 digits; undefined until they are known, and always without a name. */
  id(): string | undefined;
  /** Asks AWS for the 12 digits, unless they are known, or the account has no name. Rejects with a `CertwayError`. */
  identify(): Promise<string | undefined>;
  /** Those of the SDK's own chain if left out. All clients of the account share them. */
  credentials?: Credentials;
};

/**
 * As clients of the SDK ask for credentials: `forceRefresh` means that AWS has refused the last ones. Rejects with a
 * `CertwayError`. Since it is `memoized`, the SDK keeps no copy for each client.
 */
export type Credentials = ((options?: { forceRefresh?: boolean }) => Promise<AwsCredentialIdentity>) & {
  memoized: true;
};

export type AccountOptions = Pick<SharedAnswerOptions<unknown>, 'timeoutMs' | 'elapsedMs' | 'later'> & {
  setting: AccountSetting;
  /** Where STS is asked. */
  region: string;
  stsClients: StsClients;
  /** The credentials of a profile, by the SDK's own rules. */
  ofProfile: (name: string, region: string) => Promise<AwsCredentialIdentity>;
  now: () => Date;
};

/** Temporary credentials are made anew this long before they expire. */
const RENEW_MS = 5 * 60_000;

/** An account in the settings. AWS is asked when its credentials or its digits are needed first. */
export function createAccount(options: AccountOptions): Account {
  const { setting, region, stsClients, ofProfile, now, timeoutMs, elapsedMs, later } = options;
  const { name, role } = setting;
  const shared = {
    tooLate: notAnswered,
    timeoutMs,
    elapsedMs,
    later,
  };

  async function find(): Promise<AwsCredentialIdentity> {
    try {
      return await (role ? assumeRole(stsClients.of(region), role) : ofProfile(name, region));
    } catch (error) {
      throw fromAws(error, 'AssumeRole').error;
    }
  }

  const leftMs = ({ expiration }: AwsCredentialIdentity): number =>
    (expiration?.getTime() ?? Number.POSITIVE_INFINITY) - now().getTime();
  const credentials: Credentials = Object.assign(
    createSharedAnswer({
      ...shared,
      ask: find,
      isGood: (found) => leftMs(found) > 0,
      isDue: (found) => leftMs(found) < RENEW_MS,
    }),
    { memoized: true as const },
  );

  let id = role?.accountId;
  const identify = createSharedAnswer({
    ...shared,
    ask: async () => {
      const sts = stsClients.create(region, credentials);
      const { Account: answer = '' } = await sts.send(new GetCallerIdentityCommand({}));
      if (!isAccountId(answer)) throw unreadableAnswer();
      id = answer;
      return answer;
    },
    isGood: () => true,
    isDue: () => false,
  });

  return { name, id: () => id, identify: async () => id ?? identify(), credentials };
}
