import { pino } from 'pino';
import { createService } from '../../src/service.ts';
import { parseConfig } from '../../src/settings/config.ts';

/**
 * The service's request handler, for a process with nothing else in its heap, on the emulator at this URL. The lines of its log are made, and go
 * nowhere.
 */
export async function startOnlyService(endpoint: string) {
  const server = await createService({
    config: parseConfig({ LOG_LEVEL: 'silent', UPSTREAM_CALLS_PER_SECOND: '0' }),
    log: pino({}, { write: () => undefined }),
    upstream: {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    },
  });
  return {
    ask: async (body: object, headers: Record<string, string> = {}): Promise<void> => {
      const response = await server.fetch('http://service/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (response.status >= 500) throw new Error(`${response.status}: ${text}`);
    },
    close: () => server.close(),
  };
}
