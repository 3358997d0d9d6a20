import { defineConfig } from 'vitest/config';

/** Tests of the package as it is published: `npm run build` has made it in dist/. */
export default defineConfig({
  root: '.',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000, // packs and installs it
    include: ['test/package/*.test.ts'],
  },
});
