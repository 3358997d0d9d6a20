import { useSyncExternalStore } from 'react';

/**
 * Where the person is. It is the fragment of the address (`#/certificates/ID?step=2`), so that it outlives a reload, can be
 * sent to others, needs one HTML file, and works behind any path prefix.
 */
export type Route = {
  /** The first segment, by which the view is chosen; `''` at the beginning. */
  view: string;
  /** The second segment, such as the id of a certificate. */
  id: string | undefined;
  params: URLSearchParams;
};

type Params = Readonly<Record<string, string | undefined>> | URLSearchParams;

const pathOf = (view: string, id?: string) =>
  `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

function withParams(path: string, params: Params = {}): string {
  const entries = params instanceof URLSearchParams ? Array.from(params) : Object.entries(params);
  const query = new URLSearchParams(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The addresses of the views, for links. */
export const hrefTo = {
  overview: () => pathOf(''),
  certificates: (params?: Params) => withParams(pathOf('certificates'), params),
  certificate: (id: string) => pathOf('certificates', id),
  danglingStages: (params?: Params) => withParams(pathOf('dangling-stages'), params),
  generate: (params?: Params) => withParams(pathOf('generate'), params),
  replace: (id: string, params?: Params) => withParams(pathOf('replace', id), params),
};

/** Goes to an address of `hrefTo`; `replace`: the browser's back button does not return to where one was. */
export function goTo(href: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', href);
  else window.history.pushState(null, '', href);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Where the person is now; the component is rendered again when that changes. */
export const useRoute = (): Route => routeOf(useSyncExternalStore(subscribe, () => window.location.hash));

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view = '', id] = path.split('/').map(decoded);
  return { view, id: id === '' ? undefined : id, params: new URLSearchParams(query) };
}

/** An address that was cut off in the middle of a `%20` is taken as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
