import { defineConfig } from 'vitest/config';

/** Needs the composers and gateways of the package in this folder. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  // As Node resolves packages, so that the service has one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: { include: ['*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
