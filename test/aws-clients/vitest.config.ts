import { defineConfig } from 'vitest/config';

/**
 * Needs Debian's `awscli`, `python3-boto3` and `golang-github-aws-aws-sdk-go-v2-dev`, and what `npm ci` installs in `js-v2`. Each
 * process takes a second or more to start, and the SDK for Go half a minute to compile.
 */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite',
  test: { include: ['*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
