import { defineConfig } from 'vitest/config';

/** Needs the output of `npm run generate`, and the packages of this folder. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: { include: ['*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
