import type { CodegenConfig } from '@graphql-codegen/cli';

/** `npm run page:types`: the types of every `graphql(…)` in the page, from the service's own schema. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['page/src/**/*.{ts,tsx}', '!page/src/api/generated/**'],
  generates: {
    'page/src/api/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        scalars: { DateTime: 'string', _Any: 'unknown', ID: 'string' },
      },
      documentTransforms: [],
    },
  },
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
};
export default config;
