import { expect } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import type { Example, Seeds } from '../../src/emulator/seeds.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { clientOf } from '../emulator/support.ts';
import { createServiceClock } from '../support/clock.ts';
import { CREDENTIALS, createInProcess, type ServiceOptions, startService } from '../support/service.ts';
import { until } from '../support/sharing.ts';

export { turns } from '../support/clock.ts';
export { denied, failed, LIST, throttled, until } from '../support/sharing.ts';

/** In the configured order. */
export const PLACES = [
  'prod/eu-central-1',
  'prod/us-east-1',
  'staging/eu-central-1',
  'staging/us-east-1',
] as const;

export type Place = (typeof PLACES)[number];

/** One of them each, for what has to be read quickly. */
export const [PROD_EU, PROD_US, STAGING_EU, STAGING_US] = PLACES;

export const ACCOUNT_IDS: Record<string, string> = { prod: '111111111111', staging: '222222222222' };

export const roleOf = (account: string): string => `arn:aws:iam::${ACCOUNT_IDS[account]}:role/certway`;

const ACCOUNTS = Object.keys(ACCOUNT_IDS).map((name) => `${name}=${roleOf(name)}`);

export const SEVERAL = { ACCOUNTS: ACCOUNTS.join(','), AWS_REGIONS: 'eu-central-1,us-east-1' };

/** The account and the region, as the emulator names them. */
export function nameOf(place: Place): { accountId: string; region: string } {
  const [account = '', region = ''] = place.split('/');
  return { accountId: ACCOUNT_IDS[account] ?? '', region };
}

const placeOf = ({ accountId, region }: { accountId: string; region: string }): Place | undefined =>
  PLACES.find((place) => nameOf(place).accountId === accountId && nameOf(place).region === region);

/** Ids in AWS's order, which say where they are: `a000`, `a001` … in the first, `b000` … in the second. */
export const idsIn = (place: Place, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${'abcd'[PLACES.indexOf(place)]}${String(i).padStart(3, '0')}`);

/** The global id of a certificate there. */
export function globalIdIn(place: Place, clientCertificateId: string): string {
  const { accountId, region } = nameOf(place);
  return encodeGlobalId('ClientCertificate', `${accountId}:${arnOf(region, clientCertificateId)}`);
}

const DAY_MS = 86_400_000;

/** With `idsIn`. In the order of their dates, those of one place stand between those of the others. */
export const certificatesIn = (place: Place, count: number): Example[] =>
  idsIn(place, count).map((id, i) => ({
    id,
    description: `number ${i}`,
    createdDate: new Date(Date.now() - (1 + i) * DAY_MS + PLACES.indexOf(place) * 3_600_000),
  }));

/** How many certificates each has, or what. What is not named has nothing. */
export type SeedsByPlace = Partial<Record<Place, number | Seeds>>;

const seedsOf = (place: Place, seeds: number | Seeds = 0): Seeds =>
  typeof seeds === 'number' ? { examples: certificatesIn(place, seeds) } : seeds;

export type EverywhereOptions = Omit<ServiceOptions, 'now' | 'elapsedMs'> & { seeds?: SeedsByPlace };

/** A call that has reached the emulator. Those to STS, and to other accounts and regions, are in none of these places. */
export type Call = { place: Place | undefined; operation: string };

export type FaultIn = (place: Place, operation: string) => Fault | undefined;

/** How long one of several is waited for. */
export const PATIENCE_MS = 2000;

/**
 * The service over the accounts prod and staging, each in two regions, with its own emulator, through the real SDK over a real
 * socket. Its clock stands still until `pass` moves it; so nobody is too slow on a slow machine.
 */
export async function startEverywhere({
  seeds = {},
  env = {},
  emulator,
  clock,
  ...options
}: EverywhereOptions = {}) {
  const { elapsedMs, later, pass, timers } = createServiceClock();
  const startedAtMs = Date.now() - elapsedMs();
  const made: Call[] = [];
  let faultIn: FaultIn = () => undefined;
  let faultOfRole: (roleArn: string) => Fault | undefined = () => undefined;
  const accountRegions = PLACES.map((place) => ({ ...nameOf(place), ...seedsOf(place, seeds[place]) }));
  const parts = {
    elapsedMs,
    clock: { later, now: () => new Date(startedAtMs + elapsedMs()), ...clock },
    metrics: createMetrics({ areNamed: true }),
    slowMs: 500, // as in the product, since the clock stands still
    ...options,
  };
  const service = await startService({
    ...parts,
    env: { ...SEVERAL, ...env },
    emulator: {
      quota: 10_000,
      accountRegions,
      ...emulator,
    },
  });
  // the calls are counted and the faults set by place
  service.fail((operation, { RoleArn = '' }, accountRegion) => {
    const isSts = operation.endsWith('(sts)');
    const place = isSts ? undefined : placeOf(accountRegion);
    made.push({ place, operation });
    return isSts ? faultOfRole(RoleArn) : place && faultIn(place, operation);
  });

  /** The calls in each place, without those to STS. */
  const counts = (): Partial<Record<Place, number>> => {
    const places = PLACES.filter((place) => made.some((call) => call.place === place));
    return Object.fromEntries(
      places.map((place) => [place, made.filter((call) => call.place === place).length]),
    );
  };

  return {
    ...service,
    pass,
    elapsedMs,
    timers,
    made,
    counts,
    /** How many calls `run` makes in each place. Places without one are left out. */
    countsOf: async (run: () => Promise<unknown>): Promise<Partial<Record<Place, number>>> => {
      made.length = 0;
      await run();
      return counts();
    },
    /** Resolves once at least so many calls have arrived in the place. */
    arrived: async (place: Place, count = 1) =>
      until(() => expect(counts()[place] ?? 0).toBeGreaterThanOrEqual(count)),
    /** Resolves once lists wait for so many places, and for no other one. */
    waitsFor: async (count: number) =>
      until(() => expect(timers().filter(({ ms }) => ms === PATIENCE_MS)).toHaveLength(count)),
    /** Sets what goes wrong from now on, by place. */
    failIn: (faults: Partial<Record<Place, Fault>> | FaultIn) => {
      faultIn = typeof faults === 'function' ? faults : (place) => faults[place];
    },
    /** Resolves once AWS is known to answer in the place again. */
    recovered: async (place: Place) =>
      until(() => {
        const there = service.accountRegions.all.find(({ name }) => name === place);
        expect(there?.availability.current()).toBeUndefined();
      }),
    /** Sets what goes wrong where a role is assumed. */
    failRole: (fault: typeof faultOfRole) => {
      faultOfRole = fault;
    },
    /** An SDK client of the place, for changes without the service. */
    clientIn: (place: Place) => {
      const { accountId, region } = nameOf(place);
      return clientOf(service.endpoint, {
        region,
        credentials: { accessKeyId: accountId, secretAccessKey: 'any' },
      });
    },
    /** Another service on the same emulator, with the same clock. */
    another: async (env: Record<string, string> = {}) =>
      createInProcess({
        ...options,
        env: { ...SEVERAL, ...env },
        upstream: { endpoint: service.endpoint, credentials: CREDENTIALS },
        clock: { elapsedMs, ...parts.clock },
      }),
  };
}
