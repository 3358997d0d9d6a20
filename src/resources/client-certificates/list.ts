import type { AccountRegion } from '../../aws/account-region.ts';
import type { CertwayError, InputIssue } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { digestOf } from '../../relay/cursors.ts';
import type { List, SortKey } from '../../relay/list.ts';
import { emptyIssues } from '../filters.ts';
import { tagFilterIssues } from '../tags.ts';
import type {
  ClientCertificate,
  ClientCertificateStatus,
  ClientCertificateUsage,
  Expiry,
} from './client-certificate.ts';
import { descriptionIssues, type FoldedDescriptions, folded } from './descriptions.ts';

/** An item of a list: a certificate, or the error about a broken one. */
export type Item = ClientCertificate | CertwayError;

type Maybe<T> = T | null | undefined;

/** Conditions for certificates, all of which must hold. The times are exclusive. */
export type ClientCertificateFilter = {
  accounts?: Maybe<string[]>;
  regions?: Maybe<string[]>;
  status?: Maybe<ClientCertificateStatus[]>;
  expiresBefore?: Maybe<Date>;
  expiresAfter?: Maybe<Date>;
  createdBefore?: Maybe<Date>;
  createdAfter?: Maybe<Date>;
  descriptionContains?: Maybe<string>;
  tags?: Maybe<{ key: string; value?: Maybe<string> }[]>;
  usage?: Maybe<ClientCertificateUsage[]>;
};

export type ClientCertificateOrderField = 'CREATED_DATE' | 'EXPIRATION_DATE' | 'DESCRIPTION';

export type ClientCertificateOrder = { field: ClientCertificateOrderField; direction: 'ASC' | 'DESC' };

export type ListArguments = {
  filter?: Maybe<ClientCertificateFilter>;
  orderBy?: Maybe<ClientCertificateOrder>;
};

/** AWS's own list, where there is only one. */
export const clientCertificateList: List<Item> = {
  type: 'ClientCertificate',
  idOf: (item) => (isWhole(item) ? item.clientCertificateId : undefined),
  digest: '',
};

/** AWS's own list of an account and region. */
export const clientCertificateListIn = ({ where }: Pick<AccountRegion, 'where'>): List<Item> =>
  where === undefined ? clientCertificateList : { ...clientCertificateList, where };

/** The list for these arguments; without any, AWS's own. */
export function listOf({ filter, orderBy }: ListArguments): List<Item> {
  if (!filter && !orderBy) return clientCertificateList;
  const digest = digestOf([filter, orderBy]);
  if (!orderBy) return { ...clientCertificateList, digest };
  const keyOf = keys[orderBy.field];
  return {
    ...clientCertificateList,
    digest,
    order: {
      name: `${orderBy.field} ${orderBy.direction}`,
      keyOf: (item) => (isWhole(item) ? keyOf(item) : null),
      descending: orderBy.direction === 'DESC',
    },
  };
}

/** The complaints about a filter. */
export function filterIssues(filter: Maybe<ClientCertificateFilter>): InputIssue[] {
  if (!filter) return [];
  const { status, descriptionContains, tags, usage } = filter;
  return [
    ...emptyIssues('status', status),
    ...emptyIssues('usage', usage),
    ...rangeIssues('expires', filter.expiresAfter, filter.expiresBefore),
    ...rangeIssues('created', filter.createdAfter, filter.createdBefore),
    ...descriptionIssues(descriptionContains ?? '', ['filter', 'descriptionContains']),
    ...tagFilterIssues(tags ?? [], ['filter', 'tags']),
  ];
}

/** What a filter needs to know of certificates besides themselves. */
export type MatcherOptions = {
  expiry: Expiry;
  foldedDescriptionOf: FoldedDescriptions;
  usageOf: (certificate: ClientCertificate) => ClientCertificateUsage;
};

/** Tells whether an item matches the filter. A broken item never does. */
export function matcher(
  filter: ClientCertificateFilter,
  { expiry, foldedDescriptionOf, usageOf }: MatcherOptions,
): (item: Item) => boolean {
  const {
    status,
    expiresBefore,
    expiresAfter,
    createdBefore,
    createdAfter,
    descriptionContains,
    tags,
    usage,
  } = filter;
  const wanted = descriptionContains && folded(descriptionContains);
  return (item) =>
    isWhole(item) &&
    (!status || status.includes(expiry.statusOf(item))) &&
    (!expiresBefore || item.expirationDate < expiresBefore) &&
    (!expiresAfter || item.expirationDate > expiresAfter) &&
    (!createdBefore || item.createdDate < createdBefore) &&
    (!createdAfter || item.createdDate > createdAfter) &&
    (!usage || usage.includes(usageOf(item))) &&
    (!wanted || foldedDescriptionOf(item).includes(wanted)) &&
    (tags ?? []).every(({ key, value }) =>
      item.tags.some((tag) => tag.key === key && (value == null || tag.value === value)),
    );
}

/** A cursor contains the key, so it consists of the first characters of the description only. */
const DESCRIPTION_KEY_LENGTH = 64;

/** Enough characters for the key: at most four become one, as in `\u1fa7`, and a fifth shows where the next one begins. */
const DESCRIPTION_PREFIX_LENGTH = 5 * DESCRIPTION_KEY_LENGTH;

const keys: Record<ClientCertificateOrderField, (certificate: ClientCertificate) => SortKey> = {
  CREATED_DATE: ({ createdDate }) => createdDate.getTime(),
  EXPIRATION_DATE: ({ expirationDate }) => expirationDate.getTime(),
  DESCRIPTION: ({ description }) =>
    description === null
      ? null
      : folded(description.slice(0, DESCRIPTION_PREFIX_LENGTH)).slice(0, DESCRIPTION_KEY_LENGTH),
};

/** Whether AWS sent it as it should be. */
export const isWhole = (item: Item): item is ClientCertificate => !(item instanceof Error);

/** The certificate, or null. Throws the error about a broken one. */
export function wholeOf<T extends Item | null>(item: T): Exclude<T, CertwayError> {
  if (item instanceof Error) throw item;
  return item as Exclude<T, CertwayError>;
}

function rangeIssues(name: string, after: Maybe<Date>, before: Maybe<Date>): InputIssue[] {
  if (!after || !before || before >= after) return [];
  return [
    {
      path: ['filter', `${name}Before`],
      message: `expected no time before ${name}After (${after.toISOString()}), got ${quote(before.toISOString())}`,
    },
  ];
}
