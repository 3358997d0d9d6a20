import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** Puts the page's documents, by their hashes, into a build, where `src/web/page-documents.ts` finds them. */
export const documents = (): Plugin => ({
  name: 'documents',
  apply: 'build',
  async generateBundle() {
    const source = await readFile(`${import.meta.dirname}/src/api/generated/persisted-documents.json`);
    this.emitFile({ type: 'asset', fileName: 'documents.json', source });
  },
});
