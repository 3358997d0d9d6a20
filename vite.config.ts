import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { npmPackage } from './vite.package.ts';

export default defineConfig({
  // Resolves packages as Node does, so that there is only one copy of graphql, without its `module` build.
  resolve: { mainFields: ['main'], extensions: ['.js', '.ts', '.json'] },

  /** `npm run build`: the service bundled with all its packages, so that it starts quickly. */
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist',
    target: 'node22',
    minify: false, // keeps stack traces in the log readable
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
  },
  ssr: { noExternal: true },
  plugins: [npmPackage()],

  /** `npm test`: the tests that need no network, no Docker and no other program. */
  test: {
    maxWorkers: availableParallelism() + 1, // one more than processors, because some tests wait
    isolate: false, // no test leaves anything behind, and importing everything once saves half of the time
    execArgv: ['--max-semi-space-size=64'], // many services live briefly, so collecting garbage less often saves time
    // Node runs the source as it is here, too: nothing is transformed or mocked.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 60_000, // only for tests that hang: a slow machine is not a failure
    hookTimeout: 60_000,
    expect: { poll: { timeout: 50_000 } },
    include: [
      'test/{auth,aws,client-certificates,collections,connection,emulator,everywhere,graphql,house,http,notifications,observability,replacing,settings,sharing,stages,subscription,web}/**/*.test.ts',
    ], // the other folders have scripts of their own
  },
});
