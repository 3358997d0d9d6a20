import type { Plugin } from 'graphql-yoga';

/**
 * Leaves `Connection` to Node. Yoga has event streams say `keep-alive`, also to clients that want the connection
 * closed, and when the process ends.
 */
export const useNoConnectionHeader = (): Plugin => ({
  onResponse({ response }) {
    response.headers.delete('connection');
  },
});
