import { defineConfig } from 'vitest/config';

/** Tests of replicas that share by a Redis of their own, which is Debian's redis-server. */
export default defineConfig({
  root: '.',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: {
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    include: ['test/replicas/*.test.ts'],
  },
});
