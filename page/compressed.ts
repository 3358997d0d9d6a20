import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const FORMS = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gz: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
};

/** Puts a `.br` and a `.gz` beside each file of a build, so that nothing is compressed when it is asked for. */
export const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  async writeBundle({ dir = '' }) {
    const files = await readdir(dir, { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    await Promise.all(paths.filter((path) => /\.(html|js|css|svg)$/.test(path)).map(compress));
  },
});

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  await Promise.all(
    Object.entries(FORMS).map(async ([ending, form]) => {
      await writeFile(`${path}.${ending}.part`, await form(bytes));
      await rename(`${path}.${ending}.part`, `${path}.${ending}`); // the service takes the page for built once all of them are there
    }),
  );
}
