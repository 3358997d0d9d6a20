/** Names an account and a region. */
export type AccountRegionName = {
  /** 12 digits. */
  accountId: string;
  /** `us-east-1` */
  region: string;
};

/**
 * The account of everyone whose credentials name no other. In this region of it are the examples,
 * and what files of older versions have.
 */
export const DEFAULT: AccountRegionName = { accountId: '123456789012', region: 'us-east-1' };

/** The text by which the store tells accounts and regions apart. */
export const toNamespace = ({ accountId, region }: AccountRegionName): string => `${accountId} ${region}`;

export function fromNamespace(namespace: string): AccountRegionName {
  const [accountId = '', region = ''] = namespace.split(' ');
  return { accountId, region };
}
