import type { AccountRegionName } from '../aws/account-region.ts';

/** The labels that tell accounts and regions apart. */
export type PlaceLabels = {
  names: string[];
  of(where: AccountRegionName | undefined): Record<string, string>;
};

/** Where the settings name neither accounts nor several regions, there is one, which metrics about calls need not name. */
export const placeLabels = (areNamed: boolean): PlaceLabels =>
  areNamed
    ? {
        names: ['account', 'region'],
        of: (where) => ({ account: where?.account ?? '', region: where?.region ?? '' }),
      }
    : { names: [], of: () => ({}) };

/** The same, for metrics that always name the region. */
export const regionLabels = (areNamed: boolean): PlaceLabels =>
  areNamed ? placeLabels(areNamed) : { names: ['region'], of: (where) => ({ region: where?.region ?? '' }) };
