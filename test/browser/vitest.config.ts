import { defineConfig } from 'vitest/config';

/** Needs Debian's `chromium`, or another by `CHROMIUM`; each test has a process of the service and a browser. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  test: {
    include: ['*.test.ts'],
    testTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
  },
});
