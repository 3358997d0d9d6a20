import { createHash } from 'node:crypto';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

/**
 * `npm run page:types`: the types of every `graphql(…)` in the page, from the service's own schema, and its documents by their
 * hashes, for a service to trust. They have every `__typename` that urql's cache needs, since a hash stands for a whole text.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['page/src/**/*.{ts,tsx}', '!page/src/api/generated/**'],
  generates: {
    'page/src/api/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: {
          hashAlgorithm: (text: string) => createHash('sha256').update(text).digest('hex'),
        },
      },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        scalars: { DateTime: 'string', _Any: 'unknown', ID: 'string' },
      },
      documentTransforms: [addTypenameSelectionDocumentTransform],
    },
  },
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
};
export default config;
