/*
 * npm runs this at `npm ci`, so that `npm start` has the page. An install without development packages has no Vite: the service
 * then says at `/` that the page is not built.
 */
const vite = await import('vite').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
});
await vite?.build({ root: import.meta.dirname, logLevel: 'warn' });
