import { configDefaults, defineConfig } from 'vitest/config';

/** `npm test`: what needs no network, no Docker and no other program. */
export default defineConfig({
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },
  test: {
    isolate: false, // no test leaves anything behind, and importing it all once saves half of the time
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      'test/aws-clients/**',
      'test/abuse/**',
      'test/browser/**',
      'test/examples/**',
    ],
  },
});
