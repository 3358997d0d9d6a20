import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import config from '../../vite.config.ts';

/** The tests of `npm test` that try something with random values, each with all its runs: `test/support/runs.ts`. */
export default defineConfig({
  ...config,
  root: '.',
  test: {
    ...config.test,
    env: { RUNS: process.env['RUNS'] ?? '1' },
    include: globSync('test/**/*.test.ts', { exclude: ['**/node_modules'] }).filter((file) =>
      readFileSync(file, 'utf8').includes('/support/runs.ts'),
    ),
  },
});
