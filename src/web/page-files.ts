import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

type Bytes = Uint8Array<ArrayBuffer>;

/** A file of the page, in each form that the build has made. */
export type PageFile = {
  contentType: string;
  etag: string;
  /** Whether its name changes with its content. */
  isHashed: boolean;
  identity: Bytes;
  br: Bytes | undefined;
  gzip: Bytes | undefined;
};

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.md': 'text/plain; charset=utf-8',
};

/** Reads all files of a build, by their paths: `index.html`, `assets/index-….js`. Undefined if nothing was built there. */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile> | undefined> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const all = new Map(
    await Promise.all(
      found
        .filter((file) => file.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map(async (path) => [relative(folder, path).replaceAll(sep, '/'), await readFile(path)] as const),
    ),
  );
  const files = Array.from(all).flatMap(([path, identity]): [string, PageFile][] => {
    const contentType = CONTENT_TYPES[extname(path)];
    if (!contentType) return [];
    const etag = `W/"${createHash('sha256').update(identity).digest('base64url')}"`; // weak: the same for all encodings
    const isHashed = path.startsWith('assets/');
    return [
      [
        path,
        { contentType, etag, isHashed, identity, br: all.get(`${path}.br`), gzip: all.get(`${path}.gz`) },
      ],
    ];
  });
  return all.has('index.html') ? new Map(files) : undefined;
}
