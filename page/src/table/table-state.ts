import type { CertificatesQueryVariables } from '../api/generated/graphql.ts';
import { type Change, changed, pageOf, withoutPage } from '../parts/page-state.ts';
import { hrefTo } from '../shell/route.ts';
import { FILTER_PARAMS, filterOf } from './filter.ts';

const FIELDS = ['EXPIRATION_DATE', 'DESCRIPTION', 'CREATED_DATE'] as const;
export type OrderField = (typeof FIELDS)[number];

/** What the address says about the table: the variables of its query, and nothing else. The soonest expiration is the first, unless it says otherwise. */
export function variablesOf(params: URLSearchParams): CertificatesQueryVariables {
  const field = FIELDS.find((name) => name === params.get('orderBy')) ?? 'EXPIRATION_DATE';
  const direction = params.get('direction') === 'DESC' ? 'DESC' : 'ASC';
  return { ...pageOf(params).page, filter: filterOf(params), orderBy: { field, direction } };
}

/** The address with other parameters. Whatever changes the list leads to its first page. */
export const hrefWith = (params: URLSearchParams, change: Change): string =>
  hrefTo.certificates(changed(params, change));

/** The address with another filter, and the same order. */
export function hrefWithFilter(params: URLSearchParams, filter: URLSearchParams): string {
  const kept = Array.from(withoutPage(params)).filter(([name]) =>
    FILTER_PARAMS.every((other) => other !== name),
  );
  return hrefTo.certificates(new URLSearchParams([...filter, ...kept]));
}
