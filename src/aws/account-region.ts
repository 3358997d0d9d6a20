import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { lazy } from '../maybe-promise.ts';
import type { Account } from './account.ts';
import type { Availability } from './availability.ts';
import type { CallBudget } from './call-budget.ts';
import type { prepareClient } from './client.ts';
import type { AwsDenials } from './denials.ts';
import type { SdkSettings } from './sdk-settings.ts';

/** What an account and region is called. */
export type AccountRegionName = {
  /** As in the settings; undefined for the account that the SDK is configured for. */
  readonly account: string | undefined;
  readonly region: string;
  /** Both, as in `prod/eu-central-1`; only the region where there is no account. */
  readonly name: string;
  /** The name, where the settings name accounts or several regions; undefined where there is nothing to tell apart. */
  readonly where: string | undefined;
};

/** An AWS account and region, as everything that asks AWS knows it. */
export type AccountRegion = AccountRegionName & {
  /** The 12 digits of the account; undefined until `identify` has resolved, and always where `account` is undefined. */
  readonly accountId: string | undefined;
  /** Asks AWS for the account's 12 digits, once, unless the settings tell them or there is no `account`. */
  identify(): Promise<string | undefined>;
  /** The client for REST APIs and client certificates, made when it is asked for first. */
  readonly client: APIGatewayClient;
  /** The client for WebSocket APIs, which are in a service of AWS of their own. It is loaded when it is asked for first. */
  v2: () => Promise<ApiGatewayV2Client>;
  budget: CallBudget;
  /** What AWS currently refuses. */
  denials: Pick<AwsDenials, 'list'>;
  availability: Availability;
  /** Closes the connections of the clients. */
  destroy(): void;
};

export type AccountRegionOptions = Pick<AccountRegion, 'budget' | 'availability'> & {
  account: Pick<Account, 'id' | 'identify' | 'credentials'>;
  name: AccountRegionName;
  sdk: SdkSettings;
  denials: AwsDenials;
  /** Prepares a client as all others are; `nameOf` gives the name of an operation, given the SDK's. */
  prepare: (client: Parameters<typeof prepareClient>[0], nameOf: (operation: string) => string) => void;
};

/** `isNamed`: whether the settings name accounts or several regions. */
export function nameOf(account: string | undefined, region: string, isNamed: boolean): AccountRegionName {
  const name = account === undefined ? region : `${account}/${region}`;
  return { account, region, name, where: isNamed ? name : undefined };
}

/** The clients' `send` rejects with a `CertwayError` only. */
export function createAccountRegion(options: AccountRegionOptions): AccountRegion {
  const { account, name, sdk, budget, denials, availability, prepare } = options;
  const { credentials } = account;
  const own = { region: name.region, ...(credentials && { credentials }) };
  let client: APIGatewayClient | undefined;
  let v2Client: ApiGatewayV2Client | undefined;

  function clientMadeOnce(): APIGatewayClient {
    if (client) return client;
    client = sdk.createClient(own);
    prepare(client, (operation) => operation);
    return client;
  }

  const v2 = lazy(async () => {
    const { ApiGatewayV2Client } = await import('@aws-sdk/client-apigatewayv2');
    v2Client = new ApiGatewayV2Client({ ...sdk.shared(), ...own });
    // Both services have one host at AWS: where an endpoint is set for the first alone, it is that of the second, too.
    const ofFirst = clientMadeOnce().config.serviceConfiguredEndpoint;
    const ofSecond = v2Client.config.serviceConfiguredEndpoint;
    v2Client.config.serviceConfiguredEndpoint = async () => (await ofSecond?.()) ?? ofFirst?.();
    prepare(v2Client, (operation) => `${operation} (v2)`);
    return v2Client;
  });

  return {
    ...name,
    get accountId() {
      return account.id();
    },
    identify: account.identify,
    get client() {
      return clientMadeOnce();
    },
    v2,
    budget,
    denials,
    availability,
    destroy: () => {
      client?.destroy();
      v2Client?.destroy();
    },
  };
}
