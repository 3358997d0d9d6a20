import { defineConfig } from 'vitest/config';

/** Needs Debian's `awscli` and `python3-boto3`, each of whose processes takes a second or more to start. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  test: { include: ['*.test.ts'], testTimeout: 300_000 },
});
