import type { Authenticate, AuthSettings } from '../auth/authentication.ts';
import { type HttpRequest, type HttpResponse, isRead } from '../exchange.ts';
import { hasAlready, takesEncoding } from '../http/conditional.ts';
import type { Middleware } from '../http/middleware.ts';
import { lazyPromise, mapMaybePromise } from '../maybe-promise.ts';
import { NotBuilt, type PageFile, readPageFiles } from './page-files.ts';
import { pagePolicy, pageSettings } from './page-settings.ts';

export type PageOptions = {
  /** Where the build has put the page. */
  folder: string;
  auth: AuthSettings;
  hasGraphiQL: boolean;
  authenticate: Authenticate;
};

const NOT_BUILT =
  'The page is not built. `npm ci` builds it unless told --ignore-scripts, and so does `npm run build`.\n';

/**
 * Serves the page for people at `/`, and what it consists of. Everyone gets it, as it has no data; what it asks for takes
 * credentials. Its files are read with the first request after all of them were built, and kept.
 */
export function servePage({ folder, auth, hasGraphiQL, authenticate }: PageOptions): Middleware {
  const settings = pageSettings(auth, hasGraphiQL);
  const policy = pagePolicy(settings);
  const files = lazyPromise(() => readPageFiles(folder));

  async function fileAt(path: string): Promise<PageFile | undefined> {
    try {
      return (await files()).get(path);
    } catch (error) {
      if (error instanceof NotBuilt) return undefined;
      throw error;
    }
  }

  async function answer(request: HttpRequest, path: string): Promise<HttpResponse | undefined> {
    const file = await fileAt(path);
    if (file) return fileResponse(request, file, policy);
    return path === 'index.html' ? notBuilt() : undefined;
  }

  /** A proxy before the service may have credentials for the person. */
  const tell = (viewer: Awaited<ReturnType<Authenticate>>): HttpResponse => {
    const isSignedIn = !(viewer instanceof Error);
    return json(JSON.stringify({ ...settings, auth: { ...settings.auth, isSignedIn } }));
  };

  return {
    before({ path, request, accepted }) {
      if (!isRead(request)) return undefined;
      if (path === '/') return accepted.prefersPage ? answer(request, 'index.html') : undefined;
      if (path === '/page.json')
        return mapMaybePromise(authenticate(request.header, request.certificate), tell);
      return /^\/(assets\/|icon\.svg$|licenses\.md$)/.test(path) ? answer(request, path.slice(1)) : undefined;
    },
  };
}

function fileResponse(request: HttpRequest, file: PageFile, policy: string): HttpResponse {
  const { contentType, etag, isHashed, identity, br, gzip } = file;
  const headers: Record<string, string> = {
    etag,
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': policy,
    vary: isHashed ? 'accept-encoding' : 'accept, accept-encoding',
  };
  if (hasAlready(request, etag)) return { status: 304, headers, body: null };
  const [encoding, body] =
    br && takesEncoding(request, 'br')
      ? ['br', br]
      : gzip && takesEncoding(request, 'gzip')
        ? ['gzip', gzip]
        : [undefined, identity];
  if (encoding) headers['content-encoding'] = encoding;
  return { status: 200, headers: { ...headers, 'content-type': contentType }, body, isShared: true };
}

const json = (body: string): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});

const notBuilt = (): HttpResponse => ({
  status: 503,
  headers: { 'content-type': 'text/plain; charset=utf-8', vary: 'accept' },
  body: NOT_BUILT,
});
