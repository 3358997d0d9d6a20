import type {
  ClientCertificateFilter,
  ClientCertificateStatus,
  ClientCertificateUsage,
} from '../api/generated/graphql.ts';

/** The statuses and usages, in the order in which they are offered. */
export const STATUSES: readonly ClientCertificateStatus[] = ['EXPIRED', 'EXPIRING', 'VALID'];
export const USAGES: readonly ClientCertificateUsage[] = ['IN_USE', 'UNUSED', 'UNKNOWN'];

const TEXTS = [
  'descriptionContains',
  'expiresAfter',
  'expiresBefore',
  'createdAfter',
  'createdBefore',
] as const;

/** The names that the filter has in the address: those of the API, but `tag` once for each tag. */
export const FILTER_PARAMS = ['status', 'usage', 'tag', 'accounts', 'regions', ...TEXTS] as const;

/** The filter of an address. What is no status or usage is left out; the API complains about other wrong values. */
export function filterOf(params: URLSearchParams): ClientCertificateFilter {
  const texts = TEXTS.flatMap((name) => {
    const value = params.get(name);
    return value ? [[name, value]] : [];
  });
  const lists = {
    status: STATUSES.filter((status) => listOf(params, 'status').includes(status)),
    usage: USAGES.filter((usage) => listOf(params, 'usage').includes(usage)),
    accounts: listOf(params, 'accounts'),
    regions: listOf(params, 'regions'),
    tags: params.getAll('tag').map(tagOf),
  };
  const given = Object.entries(lists).filter(([, list]) => list.length > 0);
  return Object.fromEntries([...texts, ...given]);
}

/** The same filter in an address, without what else the address says. */
export function paramsOf(filter: ClientCertificateFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of ['status', 'usage', 'accounts', 'regions'] as const)
    if (filter[name]?.length) params.set(name, filter[name].join(','));
  for (const name of TEXTS) if (filter[name]) params.set(name, filter[name]);
  for (const { key, value } of filter.tags ?? [])
    params.append('tag', value == null ? key : `${key}=${value}`);
  return params;
}

const listOf = (params: URLSearchParams, name: string): string[] =>
  params.get(name)?.split(',').filter(Boolean) ?? [];

/** `team` is a tag with any value, `team=` one that is empty. A key may have `=` in it, which the address then cannot say. */
export function tagOf(text: string): { key: string; value?: string } {
  const [key = '', value] = text.split(/=(.*)/s);
  return value === undefined ? { key } : { key, value };
}
