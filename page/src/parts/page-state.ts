/** The numbers of rows on a page to choose from. */
export const PAGE_SIZES = [25, 50, 100];

type PageState = {
  pageSize: number;
  /** As lists of the API take them. */
  page: { first: number; after?: string } | { last: number; before: string };
  /** Whether it may be another page than the first. */
  isElsewhere: boolean;
};

/** Which page of a list the address means. */
export function pageOf(params: URLSearchParams): PageState {
  const pageSize = PAGE_SIZES.find((size) => `${size}` === params.get('size')) ?? 25;
  const [after, before] = [params.get('after'), params.get('before')];
  return {
    pageSize,
    page: before ? { last: pageSize, before } : { first: pageSize, ...(after && { after }) },
    isElsewhere: params.has('after') || params.has('before'),
  };
}

export type Change = Readonly<Record<string, string | undefined>>;

/** The address with other parameters. Whatever changes the list leads to its first page. */
export function changed(params: URLSearchParams, change: Change): URLSearchParams {
  const next = withoutPage(params);
  for (const [name, value] of Object.entries(change))
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  return next;
}

/** The same list, from its beginning. */
export function withoutPage(params: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(params);
  for (const name of ['after', 'before']) kept.delete(name);
  return kept;
}
