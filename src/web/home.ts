import { isRead } from '../exchange.ts';
import type { Step } from '../http/middleware.ts';

/** Sends browsers that open the address alone to where GraphiQL is. */
export const leadHome = (endpoint: string): Step => ({
  admit({ path, arrival, accepted }) {
    if (path !== '/' || !isRead(arrival) || !accepted.prefersPage) return undefined;
    return {
      status: 302,
      headers: { location: endpoint, vary: 'accept', 'content-length': '0' },
      body: null,
    };
  },
});
