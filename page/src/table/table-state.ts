import type { CertificatesQueryVariables } from '../api/generated/graphql.ts';
import { hrefTo } from '../shell/route.ts';
import { FILTER_PARAMS, filterOf } from './filter.ts';

/** The numbers of certificates on a page to choose from. */
export const PAGE_SIZES = [25, 50, 100];

const FIELDS = ['EXPIRATION_DATE', 'DESCRIPTION', 'CREATED_DATE'] as const;
export type OrderField = (typeof FIELDS)[number];

/** What the address says about the table: the variables of its query, and nothing else. */
export type TableState = { variables: CertificatesQueryVariables; pageSize: number };

/** The soonest expiration is the first, unless the address says otherwise. */
export function stateOf(params: URLSearchParams): TableState {
  const pageSize = PAGE_SIZES.find((size) => `${size}` === params.get('size')) ?? 25;
  const field = FIELDS.find((name) => name === params.get('orderBy')) ?? 'EXPIRATION_DATE';
  const direction = params.get('direction') === 'DESC' ? 'DESC' : 'ASC';
  const [after, before] = [params.get('after'), params.get('before')];
  const page = before ? { last: pageSize, before } : { first: pageSize, ...(after && { after }) };
  return { pageSize, variables: { ...page, filter: filterOf(params), orderBy: { field, direction } } };
}

type Change = Readonly<Record<string, string | undefined>>;

/** The address with other parameters. Whatever changes the list leads to its first page. */
export function hrefWith(params: URLSearchParams, change: Change): string {
  const changed = withoutPage(params);
  for (const [name, value] of Object.entries(change))
    if (value === undefined) changed.delete(name);
    else changed.set(name, value);
  return hrefTo.certificates(changed);
}

/** The address with another filter, and the same order. */
export function hrefWithFilter(params: URLSearchParams, filter: URLSearchParams): string {
  const kept = Array.from(withoutPage(params)).filter(([name]) =>
    FILTER_PARAMS.every((other) => other !== name),
  );
  return hrefTo.certificates(new URLSearchParams([...filter, ...kept]));
}

function withoutPage(params: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(params);
  for (const name of ['after', 'before']) kept.delete(name);
  return kept;
}
