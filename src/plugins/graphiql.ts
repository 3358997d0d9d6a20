import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import { EXAMPLE_OPERATIONS } from './example-operations.ts';

type Page = { html: Uint8Array<ArrayBuffer>; gzipped: Uint8Array<ArrayBuffer>; etag: string };

/**
 * GraphiQL for browsers that open the endpoint. The page has all that it needs in itself, nine megabytes of it:
 * it is loaded with the first request for it, compressed once, and revalidated by its ETag from then on.
 */
export function useGraphiQL(endpoint: string): Plugin {
  let page: Promise<Page> | undefined;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || url.pathname !== endpoint) return;
      if (!request.headers.get('accept')?.includes('text/html')) return;
      page ??= render(endpoint);
      const { html, gzipped, etag } = await page;
      const headers = { etag, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };
      if (request.headers.get('if-none-match')?.includes(etag))
        return endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      const isGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(
        request.headers.get('accept-encoding') ?? '',
      );
      endResponse(
        new fetchAPI.Response(isGzip ? gzipped : html, {
          headers: {
            ...headers,
            'content-type': 'text/html; charset=utf-8',
            ...(isGzip && { 'content-encoding': 'gzip' }),
          },
        }),
      );
    },
  };
}

/**
 * On a first visit GraphiQL leaves its tabs with an offset, which it hides while a tab has no focus: without this, a tab
 * that is pressed jumps away from under the pointer, and does not open.
 */
const TABS_STAY = '<style>.graphiql-tab { transform: none !important }</style>';

async function render(endpoint: string): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    endpoint,
    title: 'Certway',
    defaultTabs: EXAMPLE_OPERATIONS.map((query) => ({ query })),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false, // credentials are among them
  });
  const html = Buffer.from(page.replace('</head>', `${TABS_STAY}</head>`));
  const etag = `W/"${createHash('sha256').update(html).digest('base64url')}"`; // weak: one for both encodings
  return { html, gzipped: await promisify(gzip)(html), etag };
}
