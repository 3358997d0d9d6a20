import type { STSClient } from '@aws-sdk/client-sts';
import type { RetryStrategyV2 } from '@smithy/types';
import type { Denial } from '../errors.ts';
import { type AccountSetting, regionsOf } from '../settings/accounts.ts';
import type { Account } from './account.ts';
import { type AccountRegion, type AccountRegionName, createAccountRegion, nameOf } from './account-region.ts';
import { createAvailability, type Unavailability } from './availability.ts';
import { createCallBudget } from './call-budget.ts';
import { type AwsCall, prepareClient } from './client.ts';
import { type AwsDenials, createAwsDenials } from './denials.ts';
import { createSdkSettings } from './sdk-settings.ts';

export type AccountRegionsOptions = {
  /** By default, the account and the region that the SDK is configured for. */
  accounts?: readonly AccountSetting[];
  regions?: readonly string[];
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  /** The average number of calls that the process may make to each of them; 0 disables the bound. */
  callsPerSecond: number;
  /** `where` is left out for calls to STS. */
  onCall?: (call: AwsCall, where?: AccountRegionName) => void;
  /** Called when `callsPerSecond` makes a call wait, or refuses it. */
  onHeldBack?: (how: 'waited' | 'refused', where: AccountRegionName) => void;
  /** Called when AWS refuses a call because of the credentials, and when there are none. */
  onDenied?: (operation: string, denial: Denial, where?: AccountRegionName) => void;
  /** Called when AWS stops answering somewhere, with why, and when it answers again. */
  onAvailability?: (unavailability: Unavailability | undefined, where: AccountRegionName) => void;
  now: () => Date;
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

/** All accounts and regions that are served: each account in each region of its partition, account by account. */
export type AccountRegions = {
  all: readonly [AccountRegion, ...AccountRegion[]];
  /** Whether the settings name accounts, or more than one region. */
  areNamed: boolean;
  /** Closes the connections of all clients. */
  destroy(): void;
};

function together([first, ...others]: AccountRegion[], destroy = () => {}): AccountRegions {
  if (!first) throw new Error('no region is configured');
  return {
    all: [first, ...others],
    areNamed: first.account !== undefined || others.length > 0,
    destroy: () => {
      for (const one of [first, ...others]) one.destroy();
      destroy();
    },
  };
}

/** Accounts share the connections to a region. None waits for those of another; the budgets of calls bound how many there are. */
const CONNECTIONS = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };

/**
 * Rejects if no region is configured; nothing is asked of AWS. An attempt of a call ends within `connectTimeoutMs` and
 * `requestTimeoutMs`; the SDK alone would wait for ever.
 */
export async function createAccountRegions(options: AccountRegionsOptions): Promise<AccountRegions> {
  const { accounts = [], regions = [], connectTimeoutMs, requestTimeoutMs, callsPerSecond } = options;
  const { region, endpoint, credentials, retryStrategy, now, elapsedMs, later } = options;
  const { onCall = () => undefined, onHeldBack, onDenied = () => undefined, onAvailability } = options;
  const isNamed = accounts.length > 0 || regions.length > 1;
  const client = {
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
      ...(isNamed && { httpsAgent: CONNECTIONS, httpAgent: CONNECTIONS }),
    },
  };

  const sdk = createSdkSettings(client);

  function create(account: Account, region: string): AccountRegion {
    const denials = createAwsDenials();
    const where = nameOf(account.name, region, isNamed);
    return createAccountRegion({
      account,
      region,
      isNamed,
      sdk,
      budget: createCallBudget({
        perSecond: callsPerSecond,
        elapsedMs,
        later,
        onHeldBack: (how) => onHeldBack?.(how, where),
      }),
      denials,
      availability: createAvailability({
        now,
        elapsedMs,
        onChange: (unavailability) => onAvailability?.(unavailability, where),
      }),
      prepare: (client, nameOf) => prepareClient(client, { ...watching(denials, where), nameOf }),
    });
  }

  const watching = (denials: AwsDenials, where?: AccountRegionName) => ({
    denials,
    onCall: (call: AwsCall) => onCall(call, where),
    onDenied: (operation: string, denial: Denial) => onDenied(operation, denial, where),
    elapsedMs,
  });

  if (accounts.length === 0) {
    const account = { name: undefined, id: () => undefined, identify: async () => undefined };
    const all = regions.length > 0 ? regions : [await sdk.region()];
    return together(all.map((region) => create(account, region)));
  }

  const { createAccount } = await import('./account.ts');
  const { createStsClients } = await import('./sts-clients.ts');
  const stsClients = createStsClients(client, (sts: STSClient) =>
    prepareClient(sts, { ...watching(createAwsDenials()), nameOf: (operation) => `${operation} (sts)` }),
  );
  const all = await Promise.all(
    accounts.map(async (setting) => {
      const profile = setting.role ? undefined : setting.name;
      const own = regionsOf(setting, regions.length > 0 ? regions : [await stsClients.regionOf(profile)]);
      const [first] = own;
      const account = createAccount(setting, () => stsClients.of(profile, first));
      return own.map((region) => create(account, region));
    }),
  );
  return together(all.flat(), stsClients.destroy);
}
