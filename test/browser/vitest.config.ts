import { defineConfig } from 'vitest/config';

/**
 * Needs Debian's `chromium`, or another by `CHROMIUM`. Each file has a browser, and each test a process of the service. Two files run at a
 * time, since much of their time they wait.
 */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  test: {
    include: ['*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
