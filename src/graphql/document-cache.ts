import { hash } from 'node:crypto';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { createDoorkeeper } from '../collections/doorkeeper.ts';

/** Parsed documents by text. */
export type DocumentCache = {
  has(text: string): boolean;
  get(text: string): DocumentNode | undefined;
  set(text: string, document: DocumentNode): void;
};

/** Clients have few documents. A parsed one takes up to 250 bytes per character of its text. */
const MAX_DOCUMENTS = 100;
const MAX_BYTES = 32 * 1024 * 1024;
const BYTES_A_CHARACTER = 250;

/**
 * Keeps documents that came at least twice, so a flood of unique documents pushes none of them out. `onForgotten` is told of each that is not
 * kept any more.
 */
export function createDocumentCache(
  onForgotten: (document: DocumentNode) => void = () => undefined,
): DocumentCache {
  const documents = new LRUCache<string, DocumentNode>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: (_, { length }) => 1 + BYTES_A_CHARACTER * length,
    dispose: onForgotten,
  });
  const admits = createDoorkeeper();
  return {
    has: (text) => documents.has(text),
    get: (text) => documents.get(text),
    set: (text, document) => {
      if (admits(text)) documents.set(text, document);
    },
  };
}

/** Identifies a document in the log. */
export const documentHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 16);
