import { defineConfig } from 'vitest/config';

/** Needs Debian's `docker-compose`, `nginx` and `redis-server`, and `promtool` of its `prometheus`. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: { include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
