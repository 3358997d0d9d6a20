import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AuthSettings } from '../auth/authentication.ts';
import { type HttpRequest, type HttpResponse, isRead } from '../exchange.ts';
import { hasAlready, takesEncoding } from '../http/conditional.ts';
import type { Middleware } from '../http/middleware.ts';
import { lazyPromise } from '../maybe-promise.ts';
import { EXAMPLE_OPERATIONS } from './example-operations.ts';
import { credentialsField } from './graphiql-credentials.ts';

export type GraphiQLOptions = {
  /** Where the page is; it sends its operations to where the browser has found it, which may be below the path of a proxy. */
  path: string;
  auth: AuthSettings['kind'];
};

type Page = { html: Uint8Array<ArrayBuffer>; gzipped: () => Promise<Uint8Array<ArrayBuffer>>; etag: string };

/**
 * Serves GraphiQL to browsers that open the endpoint. The page contains everything it needs, nine megabytes: it is loaded with
 * the first request for it, compressed once if that is accepted, and revalidated by its ETag from then on. With `AUTH` it has a field for a
 * key or token.
 */
export function serveGraphiQL({ path: endpoint, auth }: GraphiQLOptions): Middleware {
  const page = lazyPromise(() => render(auth));
  async function answer(request: HttpRequest): Promise<HttpResponse> {
    const { html, gzipped, etag } = await page();
    const headers = { etag, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };
    if (hasAlready(request, etag)) return { status: 304, headers, body: null };
    const isGzip = takesEncoding(request, 'gzip');
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': 'text/html; charset=utf-8',
        ...(isGzip && { 'content-encoding': 'gzip' }),
      },
      body: isGzip ? await gzipped() : html,
    };
  }
  return {
    before({ request, path, accepted }) {
      return path === endpoint && isRead(request) && accepted.prefersPage ? answer(request) : undefined;
    },
  };
}

/**
 * On a first visit GraphiQL gives its tabs an offset, which it hides while a tab has no focus. Without this rule a tab that is
 * pressed jumps away from the pointer and does not open.
 */
const TABS_STAY = '<style>.graphiql-tab { transform: none !important }</style>';

/**
 * GraphiQL opens the tab with the query and variables that were edited last. After a visit without an edit it finds none, and
 * opens an empty tab. This script sets them to those of the tab that was open, or of the one with the query in the address.
 */
const TABS_COME_BACK = `<script>
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    const open = tabs[activeTabIndex];
    const query = new URLSearchParams(location.search).get('query') || open.query;
    const tab = [open, ...tabs].find((candidate) => candidate.query === query);
    localStorage.setItem('graphiql:query', query ?? '');
    localStorage.setItem('graphiql:variables', tab?.variables ?? '');
  } catch {} // a first visit, or a browser without storage
</script>`;

const ROOT = '<div id="root"></div>';

async function render(auth: AuthSettings['kind']): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Certway',
    defaultTabs: EXAMPLE_OPERATIONS.map((query) => ({ query })),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false, // they contain credentials
  });
  const field = auth === 'none' || auth === 'mtls' ? '' : credentialsField(auth);
  const html = Buffer.from(
    page
      .replace('</head>', () => `${TABS_STAY}</head>`)
      .replace(ROOT, () => `${field}${ROOT}${TABS_COME_BACK}`),
  );
  const etag = `W/"${createHash('sha256').update(html).digest('base64url')}"`; // weak: the same for both encodings
  return { html, gzipped: lazyPromise(() => promisify(gzip)(html)), etag };
}
