import { defineConfig } from 'vitest/config';

/** Tests that start processes of the service: its start, its commands, its output and its end. */
export default defineConfig({
  root: '.',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    include: ['test/process/*.test.ts'],
  },
});
