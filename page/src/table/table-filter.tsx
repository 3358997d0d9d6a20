import Calendar from '@cloudscape-design/components/calendar';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { ClientCertificateFilter } from '../api/generated/graphql.ts';
import { statusText } from '../parts/certificate-status.tsx';
import { usageText } from '../parts/certificate-usage.tsx';
import { day, moment } from '../parts/dates.ts';
import { STATUSES, USAGES } from './filter.ts';
import { filterOfTokens, tokensOf } from './tokens.ts';

export type TableFilterProps = {
  filter: ClientCertificateFilter;
  onChange: (filter: ClientCertificateFilter) => void;
  /** What tags and places there are to suggest; other tags can be typed. */
  tags: readonly string[];
  accounts: readonly string[];
  regions: readonly string[];
  countText: string;
};

/** A day, chosen in a calendar. */
const byDay = (description: string, operator: '<' | '>') => ({
  operator,
  description,
  form: ({ value, onChange }: PropertyFilterProps.ExtendedOperatorFormProps<string>) => (
    <Calendar
      value={[value?.slice(0, 10) ?? ''].find(isDay) ?? ''}
      locale="en-GB"
      onChange={({ detail }) => onChange(detail.value)}
    />
  ),
  format: dateText,
});

/** What is no date stays as it is, and the API complains. */
function dateText(value: string): string {
  if (Number.isNaN(Date.parse(value))) return value;
  return isDay(value) ? day(value) : moment(value);
}

const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

const list = (format = (value: string) => value) => [
  {
    operator: '=' as const,
    tokenType: 'enum' as const,
    format: (values: string[] | string) => [values].flat().map(format).join(', '),
  },
];

/** As the API's filter has them, in words. */
const PROPERTIES: readonly PropertyFilterProps.FilteringProperty[] = [
  {
    key: 'description',
    propertyLabel: 'Description',
    groupValuesLabel: 'Descriptions',
    operators: [':'],
    defaultOperator: ':',
  },
  { key: 'status', propertyLabel: 'Status', groupValuesLabel: 'Statuses', operators: list(labelOf) },
  { key: 'usage', propertyLabel: 'Usage', groupValuesLabel: 'Usages', operators: list(labelOf) },
  { key: 'tags', propertyLabel: 'Tag', groupValuesLabel: 'Tags', operators: ['='] },
  {
    key: 'expires',
    propertyLabel: 'Expires',
    groupValuesLabel: 'Days',
    operators: [byDay('After', '>'), byDay('Before', '<')],
    defaultOperator: '<',
  },
  {
    key: 'created',
    propertyLabel: 'Generated',
    groupValuesLabel: 'Days',
    operators: [byDay('After', '>'), byDay('Before', '<')],
    defaultOperator: '<',
  },
];

const ACCOUNTS = {
  key: 'accounts',
  propertyLabel: 'Account',
  groupValuesLabel: 'Accounts',
  operators: list(),
};
const REGIONS = { key: 'regions', propertyLabel: 'Region', groupValuesLabel: 'Regions', operators: list() };

/** The filter of the table: its tokens are the API's filter. Words without a property are looked for in descriptions. */
export function TableFilter({ filter, onChange, tags, accounts, regions, countText }: TableFilterProps) {
  const options = (propertyKey: string, values: readonly string[]) =>
    values.map((value) => ({ propertyKey, value, label: labelOf(value) }));
  return (
    <PropertyFilter
      query={{ operation: 'and', tokens: tokensOf(filter) }}
      onChange={({ detail }) => onChange(filterOfTokens(detail.tokens))}
      hideOperations
      filteringProperties={[
        ...PROPERTIES,
        ...(accounts.length > 1 ? [ACCOUNTS] : []),
        ...(regions.length > 1 ? [REGIONS] : []),
      ]}
      filteringOptions={[
        ...options('status', STATUSES),
        ...options('usage', USAGES),
        ...options('tags', tags),
        ...options('accounts', accounts),
        ...options('regions', regions),
      ]}
      freeTextFiltering={{ operators: [':'], defaultOperator: ':' }}
      countText={countText}
      filteringPlaceholder="Find by description, status, usage, tag or date"
      filteringAriaLabel="Filter the certificates"
      expandToViewport
    />
  );
}

/** What the person calls a value of the API; others have no other name. */
function labelOf(value: string): string {
  const status = STATUSES.find((one) => one === value);
  const usage = USAGES.find((one) => one === value);
  return (status && statusText(status)) ?? (usage && usageText(usage)) ?? value;
}
