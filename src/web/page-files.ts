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

/** Once the build has written everything, it puts these two forms beside each of these files. */
const COMPRESSED = /\.(html|js|css|svg)$/;
const FORMS = ['br', 'gz'];

/** Nothing was built, or not all of it is there yet. */
export class NotBuilt extends Error {}

/** Reads all files of a build, by their paths: `index.html`, `assets/index-….js`. */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const all = await readAll(folder).catch((error) => {
    if (error.code !== 'ENOENT') throw error; // a file is gone, as when another build begins
  });
  if (!all || !isWhole(all)) throw new NotBuilt();
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
  return new Map(files);
}

async function readAll(folder: string): Promise<Map<string, Bytes>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = found.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [relative(folder, path).replaceAll(sep, '/'), await readFile(path)] as const),
    ),
  );
}

const isWhole = (all: ReadonlyMap<string, Bytes>): boolean =>
  all.has('index.html') &&
  all.keys().every((path) => !COMPRESSED.test(path) || FORMS.every((form) => all.has(`${path}.${form}`)));
