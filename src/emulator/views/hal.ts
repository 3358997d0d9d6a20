export type Link = { href: string; templated?: true; name?: string; title?: string };
export type Links = Record<string, Link | Link[]>;

/** A page of a list. */
export type Page<T> = { items: T[]; position?: string | undefined };

export const link = (href: string): Link => ({ href });

/** A link with variables in braces. */
export const template = (href: string): Link => ({ href, templated: true });

/** The URL at which AWS explains the link relations `NOUN:…`. */
export const curie = (noun: string, page = noun) => ({
  href: `https://docs.aws.amazon.com/apigateway/latest/developerguide/restapi-${page}-{rel}.html`,
  name: noun,
  templated: true,
});

/** HAL has an object instead of an array with one element. */
export function oneOrMany<T>(items: T[]): T | T[] {
  const [first, ...others] = items;
  return first !== undefined && others.length === 0 ? first : items;
}

/** A single resource with its links. */
export const item = (curies: object[], links: Links, members: object): object => ({
  _links: { curies: oneOrMany(curies), ...links },
  ...members,
});

/**
 * A page of a list with links to its items, which are embedded, as in the sample responses of
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetClientCertificates.html and
 * API_GetRestApis.html.
 */
export function collection<T>(
  { items, position }: Page<T>,
  url: URL,
  curies: object[],
  links: Links,
  embed: (item: T) => { links: Links & { self: Link }; members: object },
): object {
  const embedded = items.map(embed);
  return {
    _links: {
      curies: oneOrMany(curies),
      self: link(`${url.pathname}${url.search}`),
      ...links,
      ...(items.length > 0 && { item: oneOrMany(embedded.map(({ links: { self } }) => self)) }),
      ...(position !== undefined && { next: link(nextHref(url, position)) }),
    },
    ...(items.length > 0 && {
      _embedded: { item: oneOrMany(embedded.map((one) => ({ _links: one.links, ...one.members }))) },
    }),
  };
}

function nextHref(url: URL, position: string): string {
  const limit = url.searchParams.get('limit');
  return `${url.pathname}?position=${encodeURIComponent(position)}${limit === null ? '' : `&limit=${limit}`}`;
}

/** The same members, with dates in ISO 8601 instead of epoch seconds. */
export const isoDates = (members: object): object =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      /^(created|lastUpdated)Date$/.test(name) ? iso(value) : value,
    ]),
  );

const iso = (epochSeconds: number): string => `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`;

/** The path of the API within the path of a request. */
export const apiPath = (url: URL): string => url.pathname.split('/').slice(0, 3).join('/');
