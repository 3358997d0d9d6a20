import type { Middleware } from '../middleware.ts';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** GraphiQL has its scripts and styles inline, and its workers in blobs. Every other response is data. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; " +
  "img-src data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Lets browsers do as little as possible with a response (https://owasp.org/www-project-secure-headers/). */
export const securityHeaders: Middleware = {
  after(_, { headers, status }) {
    Object.assign(headers, HEADERS);
    // A browser's copy takes over the headers of a 304 (RFC 9111, 3.2). That of the page is the one without a content type.
    const isPage = headers['content-type']?.startsWith('text/html') ?? status === 304;
    headers['content-security-policy'] ??= isPage ? PAGE_POLICY : DATA_POLICY;
    headers['cache-control'] ??= 'no-store';
  },
};
