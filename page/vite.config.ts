import { defineConfig } from 'vite';
import { compressed } from './compressed.ts';
import { documents } from './documents.ts';

const SERVICE = 'http://127.0.0.1:4000';

/** `npm run build:page`: the page, for `src/web/page.ts` to serve. `npx vite page` serves it from its sources, beside a service. */
export default defineConfig({
  root: import.meta.dirname,
  base: './', // behind a path prefix, too
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      checks: { pluginTimings: false },
      onLog: (level, log, handle) => {
        // Cloudscape marks its components for React's server side, which there is none of here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  plugins: [compressed(), documents()],
  server: { proxy: { '/graphql': SERVICE, '/page.json': SERVICE } },
});
