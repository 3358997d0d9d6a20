import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { ClientCertificateFilter } from '../api/generated/graphql.ts';
import { STATUSES, tagOf, USAGES } from './filter.ts';

type Token = PropertyFilterProps.Token;

const END_OF_DAY = 'T23:59:59.999Z';
const BEGINNING_OF_DAY = 'T00:00:00.000Z';

/** The moments of a filter, by the property and operator of their tokens. */
const MOMENTS = [
  { name: 'expiresAfter', propertyKey: 'expires', operator: '>', time: END_OF_DAY },
  { name: 'expiresBefore', propertyKey: 'expires', operator: '<', time: BEGINNING_OF_DAY },
  { name: 'createdAfter', propertyKey: 'created', operator: '>', time: END_OF_DAY },
  { name: 'createdBefore', propertyKey: 'created', operator: '<', time: BEGINNING_OF_DAY },
] as const;

const LISTS = ['status', 'usage', 'accounts', 'regions'] as const;

/** A filter of the API as the tokens of the field. A day stands for its end after `>`, and for its beginning after `<`. */
export function tokensOf(filter: ClientCertificateFilter): Token[] {
  const { descriptionContains, tags } = filter;
  return [
    ...LISTS.flatMap((name): Token[] =>
      filter[name]?.length ? [{ propertyKey: name, operator: '=', value: filter[name] }] : [],
    ),
    ...(descriptionContains
      ? [{ propertyKey: 'description', operator: ':', value: descriptionContains } as const]
      : []),
    ...(tags ?? []).map(
      ({ key, value }): Token => ({
        propertyKey: 'tags',
        operator: '=',
        value: value == null ? key : `${key}=${value}`,
      }),
    ),
    ...MOMENTS.flatMap(({ name, propertyKey, operator, time }): Token[] => {
      const moment = filter[name];
      return moment ? [{ propertyKey, operator, value: moment.replace(time, '') }] : [];
    }),
  ];
}

/** The filter that tokens stand for. Of two that the API has one place for, the later counts; values of a list are joined. */
export function filterOfTokens(tokens: readonly Token[]): ClientCertificateFilter {
  const filter: ClientCertificateFilter = {};
  for (const { propertyKey, operator, value } of tokens) {
    const values = (Array.isArray(value) ? value : [value]).filter(
      (one) => typeof one === 'string' && one !== '',
    );
    const [text = ''] = values;
    const moment = MOMENTS.find((one) => one.propertyKey === propertyKey && one.operator === operator);
    if (text === '') continue;
    if (moment) filter[moment.name] = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}${moment.time}` : text;
    else if (propertyKey === 'tags') filter.tags = [...(filter.tags ?? []), ...values.map(tagOf)];
    else if (propertyKey === 'status') filter.status = STATUSES.filter((one) => values.includes(one));
    else if (propertyKey === 'usage') filter.usage = USAGES.filter((one) => values.includes(one));
    else if (propertyKey === 'accounts' || propertyKey === 'regions')
      filter[propertyKey] = Array.from(new Set([...(filter[propertyKey] ?? []), ...values]));
    else filter.descriptionContains = text;
  }
  return filter;
}
