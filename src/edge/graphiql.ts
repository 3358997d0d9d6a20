import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Arrival, isRead, type Reply } from '../exchange.ts';
import { EXAMPLE_OPERATIONS } from './example-operations.ts';
import type { Step } from './step.ts';

type Page = { html: Uint8Array<ArrayBuffer>; gzipped: Uint8Array<ArrayBuffer>; etag: string };

/**
 * GraphiQL for browsers that open the endpoint. The page has all that it needs in itself, nine megabytes of it:
 * it is loaded with the first request for it, compressed once, and revalidated by its ETag from then on.
 */
export function serveGraphiQL(endpoint: string): Step {
  let page: Promise<Page> | undefined;
  async function answer({ header }: Arrival): Promise<Reply> {
    page ??= render(endpoint);
    const { html, gzipped, etag } = await page;
    const headers = { etag, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };
    if (header('if-none-match')?.includes(etag)) return { status: 304, headers, body: null };
    const isGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(header('accept-encoding') ?? '');
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': 'text/html; charset=utf-8',
        ...(isGzip && { 'content-encoding': 'gzip' }),
      },
      body: isGzip ? gzipped : html,
    };
  }
  return {
    admit({ arrival, path, accepted }) {
      return path === endpoint && isRead(arrival) && accepted.prefersPage ? answer(arrival) : undefined;
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
