import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Tells of every document that is executed, which has been found valid. */
export function useValidDocuments(onValid: (document: DocumentNode) => void): Plugin {
  return {
    onExecute: ({ args: { document } }) => onValid(document),
  };
}
