import type { Step } from './step.ts';

const status = (status: number) => ({ status, headers: {}, body: null });

/** `/health` says that the process serves, `/ready` whether a balancer should send requests here. */
export const serveHealth = (isReady: () => boolean): Step => ({
  admit({ path }) {
    if (path === '/health') return status(200);
    if (path === '/ready') return status(isReady() ? 200 : 503);
    return undefined;
  },
});
