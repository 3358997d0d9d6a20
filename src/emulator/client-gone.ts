import type { ServerResponse } from 'node:http';

/** Aborted once nobody waits for the response any more, also because it was sent. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
