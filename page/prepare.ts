/*
 * npm runs this at `npm ci`, so that `npm start` has the page. An install without development packages has no Vite: the service
 * then says at `/` that the page is not built.
 */
const vite = await import('vite').catch(() => undefined);
await vite?.build({ root: import.meta.dirname, logLevel: 'warn' });
