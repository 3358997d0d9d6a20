import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createFetchHandler } from '../../src/http/fetch-adapter.ts';
import { requestIds } from '../../src/http/middleware/request-id.ts';
import { createPipeline } from '../../src/http/pipeline.ts';
import { loggerOptions } from '../../src/observability/log.ts';

describe('an error in a step', () => {
  const failing = (step: object) => {
    const log: Record<string, unknown>[] = [];
    const logger = pino(
      { ...loggerOptions('info'), base: null },
      { write: (line) => log.push(JSON.parse(line)) },
    );
    const pipeline = createPipeline({
      middleware: [requestIds, step],
      respond: oops,
      log: logger,
      elapsedMs: () => 0,
    });
    return { log, ask: createFetchHandler(pipeline) };
  };
  const oops = () => {
    throw new Error('secret');
  };

  test.for([
    ['at once', { before: oops }],
    ['later', { before: async () => oops() }],
    ['in what responds', {}],
  ] as const)('is a masked 500 with a line in the log: %s', async ([, step]) => {
    const { ask, log } = failing(step);
    const response = await ask('http://x/graphql', { headers: { 'x-request-id': 'mine' } });
    expect(response.status).toBe(500);
    expect(response.headers.get('x-request-id')).toBe('mine');
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'mine' } }],
    });
    expect(log).toMatchObject([{ msg: 'unexpected error', requestId: 'mine' }]);
  });

  test('is a masked 500 also while the response is finished', async () => {
    const { ask, log } = failing({ before: () => ({ status: 200, headers: {}, body: 'x' }), after: oops });
    const response = await ask('http://x/graphql');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log).toMatchObject([{ msg: 'unexpected error' }]);
  });
});
