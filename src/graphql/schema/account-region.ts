import type { Unavailability } from '../../aws/availability.ts';
import type { AccountRegionState } from '../../resources/everywhere/state.ts';
import { builder } from './builder.ts';
import { requiresScopes } from './sdl.ts';

const UnavailabilityRef = builder.objectRef<Unavailability>('Unavailability').implement({
  description: 'Why AWS does not answer in an account and region.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'For programs: as `extensions.code` of an error, such as `UPSTREAM_DENIED` or `THROTTLED`.',
    }),
    message: t.exposeString('message', { description: 'For people.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When this service has noticed it first.' }),
  }),
});

/** An account and region that is served. */
export const AccountRegionRef = builder.objectRef<AccountRegionState>('AccountRegion').implement({
  description: 'An AWS account in a region, whose client certificates are served.',
  extensions: { directives: requiresScopes('client-certificates:read') },
  fields: (t) => ({
    accountId: t.exposeString('accountId', {
      nullable: true,
      description:
        'The 12 digits of the account; null if AWS was not asked for them, which happens when the account is read first. Without ' +
        'accounts in the settings, it is never asked.',
    }),
    account: t.exposeString('account', {
      nullable: true,
      description: 'The name of the account in the settings; null if they name none.',
    }),
    region: t.exposeString('region', { description: 'Such as `eu-central-1`.' }),
    unavailable: t.expose('unavailable', {
      type: UnavailabilityRef,
      nullable: true,
      description: 'Why AWS did not answer there the last time; null if it did, or was not asked yet.',
    }),
  }),
});

builder.queryField('accountRegions', (t) =>
  t.field({
    type: [AccountRegionRef],
    description: 'All accounts and regions that are served, in the configured order. AWS is not asked.',
    extensions: { directives: { listSize: { assumedSize: 1000 } } },
    resolve: (_, __, { accountRegions }) => accountRegions.list(),
  }),
);

const REASON = 'null if the settings name no accounts';

/** The members of everything that is in an account and region. */
export const PLACE = {
  accountId: { nullable: true, description: `The 12 digits of its AWS account; ${REASON}.` },
  account: { nullable: true, description: `The name of its AWS account in the settings; ${REASON}.` },
  region: { description: 'The region that it is in.' },
} as const;

/** The members of a filter that choose among accounts and regions. */
export const PLACE_FILTER = {
  accounts: {
    required: false,
    description:
      'In one of these accounts: their names in the settings, or their 12 digits where these are known. No other is asked.',
  },
  regions: { required: false, description: 'In one of these regions. No other is asked.' },
} as const;
