import { defineConfig } from 'vitest/config';

/** Attacks on the service: bounded, on loopback only, but some take minutes. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: { include: ['*.test.ts'], testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false },
});
