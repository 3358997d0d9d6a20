import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { runService } from '../support/running-service.ts';
import { examples } from '../support/service.ts';
import type { Subgraph } from './composers.ts';

/** The schema in this repository, which anyone can compose. */
export const SCHEMA = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

/** The service with 40 certificates, `c000` and so on; `calls` begins after the first read for the metrics. */
export async function start(env: Record<string, string> = {}) {
  const service = await runService({ emulator: { examples: examples(40) }, env });
  await vi.waitUntil(() => service.calls.length > 0, { timeout: 10_000 });
  service.calls.length = 0;
  const subgraph = (sdl = SCHEMA): Subgraph => ({
    name: 'client-certificates',
    url: `${service.url}/graphql`,
    sdl,
  });
  return {
    ...service,
    subgraph,
    /** With the SDL that the service returns. */
    askedSubgraph: async (authorization = '') => {
      const response = await service.post('{ _service { sdl } }', { headers: { authorization } });
      return subgraph((await response.json()).data._service.sdl);
    },
    /** The operations in its log. */
    operations: () => service.operations,
  };
}
