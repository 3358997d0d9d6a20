import { defineConfig } from 'vitest/config';

/** The tests of processes, with `dist/` instead of `src/`, and tests of the bundle itself. */
export default defineConfig({
  root: '.',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    include: ['test/bundle/*.test.ts', 'test/process/{process,commands,refused,stop,sharing}.test.ts'],
    env: { MAIN: 'dist/main.js' },
  },
});
