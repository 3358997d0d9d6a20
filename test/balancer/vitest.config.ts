import { defineConfig } from 'vitest/config';

/** Tests of the service behind a balancer, which is Debian's nginx. */
export default defineConfig({
  root: '.',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    include: ['test/balancer/*.test.ts'],
  },
});
