import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves packages, so that there is one copy of graphql: not also its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },

  /** `npm run build`: the service and all packages that it loads, for a quick start, in files that need no others. */
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist',
    target: 'node24',
    minify: false, // a stack in a log is to be read
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
  },
  ssr: { noExternal: true },

  /** `npm test`: what needs no network, no Docker and no other program. */
  test: {
    maxWorkers: '100%', // Vitest leaves one processor out, which is half of two
    isolate: false, // no test leaves anything behind, and importing it all once saves half of the time
    testTimeout: 60_000, // for what hangs; a slow machine is no failure
    include: [
      'test/{auth,aws,client-certificates,connection,emulator,graphql,house,http,observability,settings,sharing,web}/**/*.test.ts',
    ], // the other folders have scripts of their own
  },
});
