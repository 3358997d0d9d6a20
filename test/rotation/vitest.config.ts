import { defineConfig } from 'vitest/config';

/** Needs Debian's `nginx`. The files run one after the other, since each has a load of its own. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: { include: ['*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false },
});
