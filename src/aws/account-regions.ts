import type { RetryStrategyV2 } from '@smithy/types';
import type { CertwayError, Denial } from '../errors/errors.ts';
import { type AccountSetting, areNamed } from '../settings/accounts.ts';
import { ConfigError } from '../settings/config.ts';
import type { Account } from './account.ts';
import { type AccountRegion, type AccountRegionName, createAccountRegion, nameOf } from './account-region.ts';
import { createAvailability } from './availability.ts';
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
  /** Called with why when AWS stops answering somewhere; without when it answers again. */
  onAvailability?: (where: AccountRegionName, error?: CertwayError) => void;
  now: () => Date;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  /** Calls `run` after so many milliseconds, unless the returned function is called before. */
  later: (run: () => void, ms: number) => () => void;
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

function together([first, ...others]: AccountRegion[], areNamed: boolean): AccountRegions {
  if (!first) throw new Error('no region is configured');
  return {
    all: [first, ...others],
    areNamed,
    destroy: () => {
      for (const one of [first, ...others]) one.destroy();
    },
  };
}

/** Accounts share the connections to a region. None waits for those of another; the budgets of calls bound how many there are. */
const CONNECTIONS = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };

/**
 * Rejects with a `ConfigError` if a region is missing; nothing is asked of AWS. An attempt of a call ends within `connectTimeoutMs` and
 * `requestTimeoutMs`; the SDK alone would wait for ever.
 */
export async function createAccountRegions(options: AccountRegionsOptions): Promise<AccountRegions> {
  const { accounts = [], regions = [], connectTimeoutMs, requestTimeoutMs, callsPerSecond } = options;
  const { region, endpoint, credentials, retryStrategy, now, elapsedMs, later } = options;
  const { onCall = () => undefined, onHeldBack, onDenied = () => undefined, onAvailability } = options;
  const isNamed = areNamed(accounts, regions);
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
      name: where,
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
        onChange: (error) => onAvailability?.(where, error),
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
    const all = regions.length > 0 ? regions : [await sdk.region().catch(missing)];
    return together(
      all.map((region) => create(account, region)),
      isNamed,
    );
  }

  const { createAccounts } = await import('./accounts.ts');
  const created = await createAccounts({
    settings: accounts,
    regions,
    sdk: sdk.shared(),
    prepareSts: (sts) =>
      prepareClient(sts, { ...watching(createAwsDenials()), nameOf: (operation) => `${operation} (sts)` }),
    timeoutMs: requestTimeoutMs,
    now,
    elapsedMs,
    later,
  });
  return together(
    created.flatMap(({ account, regions }) => regions.map((region) => create(account, region))),
    isNamed,
  );
}

function missing({ message }: Error): never {
  throw new ConfigError(`AWS_REGION: expected a region such as us-east-1: ${message}`);
}
