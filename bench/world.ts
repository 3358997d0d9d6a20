/** The regions of every account, if there is more than one account and region. */
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];

/** The certificates of each account and region. */
export const CERTIFICATES = 60;

/** How long every answer of AWS takes. */
export const LATENCY_MS = 50;

/** AWS's own limit for each account and region. */
export const REQUESTS_PER_SECOND = 10;
export const BURST = 40;

/** An account and region. `number` is its place in the configured order. */
export type Place = { number: number; accountId: string; region: string };

/** How AWS answers in an account and region: as it should, always with a 429, or never. */
export type Behaviour = 'answers' | 'throttles' | 'hangs';

/** `count` accounts and regions, account by account, as the service is told of them. */
export function placesOf(count: number): Place[] {
  const regions = REGIONS.slice(0, count);
  return Array.from({ length: count }, (_, number) => ({
    number,
    accountId: String(100_000_000_001 + Math.floor(number / regions.length)),
    region: regions[number % regions.length] ?? '',
  }));
}

/** The settings `ACCOUNTS` and `AWS_REGIONS` for these places. */
export function settingsOf(places: Place[]): { ACCOUNTS: string; AWS_REGIONS: string } {
  const accountIds = [...new Set(places.map(({ accountId }) => accountId))];
  return {
    ACCOUNTS: accountIds.map((id) => `${nameOf(id)}=arn:aws:iam::${id}:role/certway`).join(),
    AWS_REGIONS: [...new Set(places.map(({ region }) => region))].join(),
  };
}

const nameOf = (accountId: string) => `a${accountId.slice(-3)}`;

/** With faults, one of ten throttles, and one hangs: the second to last. */
export function behaviourOf({ number }: Place, count: number, hasFaults: boolean): Behaviour {
  if (!hasFaults) return 'answers';
  if (number === count - 2) return 'hangs';
  return number % 10 === 5 ? 'throttles' : 'answers';
}

/** The numbers of the certificates of an account and region. No two of the world have the same. */
export const numbersOf = ({ number }: Place): number[] =>
  Array.from({ length: CERTIFICATES }, (_, index) => number * CERTIFICATES + index);

const MINUTES_A_YEAR = 365 * 24 * 60;

/**
 * When a certificate expires, in minutes after the first one of the world could. All differ and are spread over a year,
 * because the factor and the year have no common divisor.
 */
export const expiryMinuteOf = (number: number): number => (number * 7919) % MINUTES_A_YEAR;
