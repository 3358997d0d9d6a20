import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MaybePromise } from '../maybe-promise.ts';

/**
 * Finds the texts of the page's documents, of which it sends hashes alone, in the file that the build has made. It is read when the
 * first one is asked for, and kept; without a build there are none.
 */
export function createPageDocuments(folder: string): (hash: string) => MaybePromise<string | undefined> {
  let documents: ReadonlyMap<string, string> | undefined;

  async function read(): Promise<void> {
    try {
      documents = new Map(Object.entries(JSON.parse(await readFile(join(folder, 'documents.json'), 'utf8'))));
    } catch {} // it is not there yet, or not all of it
  }

  return (hash) => (documents ? documents.get(hash) : read().then(() => documents?.get(hash)));
}
