import { describe, expect, test } from 'vitest';
import type { Exchange, HttpResponse } from '../../src/exchange.ts';
import { boundUnsentResponses } from '../../src/http/middleware/unsent-responses.ts';

const MAX_BYTES = 1_000_000;
const MIB = 1024 * 1024;

/** The step with a clock that stands still, and clients that read nothing until told to. */
function start(maxBytes = MAX_BYTES) {
  let nowMs = 0;
  let sweep: () => void = () => undefined;
  const step = boundUnsentResponses({
    maxBytes,
    elapsedMs: () => nowMs,
    every: (_, run) => {
      sweep = run;
    },
  });
  function ask(
    body: HttpResponse['body'],
    {
      type = 'query',
      address = '127.0.0.1',
      calls = 1,
      meanwhile = () => {},
    }: {
      type?: 'query' | 'mutation' | 'subscription' | 'page';
      address?: string;
      calls?: number;
      meanwhile?: () => void;
    } = {},
  ) {
    const client: { isCutOff: boolean; read: () => void } = { isCutOff: false, read: () => undefined };
    const request = {
      address,
      onClose: (run: () => void) => {
        client.read = run;
      },
      cutOff: () => {
        client.isCutOff = true;
      },
    };
    const operation = { type, errors: [], awsUse: { calls } };
    const exchange = { request, accepted: {}, requestId: 'r', ...(type !== 'page' && { operation }) };
    const refused = step.before?.(exchange as unknown as Exchange) as HttpResponse | undefined;
    meanwhile();
    const isShared = Buffer.isBuffer(body) && type !== 'page';
    const response: HttpResponse = refused ?? { status: 200, headers: { etag: 'x' }, body, isShared };
    if (!refused) step.after?.(exchange as unknown as Exchange, response);
    return { client, response, errors: operation.errors };
  }
  return {
    ask,
    pass: (ms: number) => {
      nowMs += ms;
      sweep();
    },
  };
}

const text = (length: number) => 'x'.repeat(length);

describe('while there is room', () => {
  test('a response is sent unchanged', () => {
    const { ask } = start();
    expect(ask(text(MAX_BYTES)).response).toMatchObject({ status: 200, body: text(MAX_BYTES) });
  });

  test('a response that has been read makes room', () => {
    const { ask } = start();
    for (let i = 0; i < 5; i += 1) {
      const { client, response } = ask(text(MAX_BYTES));
      expect(response.status).toBe(200);
      client.read();
    }
  });
});

describe('without room', () => {
  test('the response to a query becomes a 503, which keeps the other headers', () => {
    const { ask } = start();
    ask(text(MAX_BYTES - 10));
    const { response, errors } = ask(text(100_000));
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '1', etag: 'x' } });
    expect(response.body).toContain('OVERLOADED');
    expect(errors).toEqual(['OVERLOADED']);
  });

  test('nothing is executed', () => {
    const { ask } = start();
    ask(text(MAX_BYTES));
    expect(ask('short', { type: 'mutation' }).response.status).toBe(503);
  });

  test('the response to a mutation is sent anyway, because the change has happened', () => {
    const { ask } = start();
    ask(text(MAX_BYTES - 10));
    expect(ask(text(100_000), { type: 'mutation' }).response.status).toBe(200);
  });

  test('the response to a mutation that made no AWS call becomes a 503 like that to a query', () => {
    const { ask } = start();
    ask(text(MAX_BYTES - 10));
    expect(ask(text(100_000), { type: 'mutation', calls: 0 }).response.status).toBe(503);
  });

  test('clients that have read nothing for a second are cut off, the oldest first', () => {
    const { ask, pass } = start();
    const [first, second] = [ask(text(400_000)), ask(text(400_000))];
    pass(1000);
    expect(ask(text(400_000)).response.status).toBe(200);
    expect([first.client.isCutOff, second.client.isCutOff]).toEqual([true, false]);
  });
});

describe('without room, when one address has more than half of it', () => {
  test('its oldest clients are cut off at once for others', () => {
    const { ask } = start();
    const clients = [400_000, 300_000, 300_000].map((length) => ask(text(length)).client);
    expect(ask(text(200_000), { address: '127.0.0.2' }).response.status).toBe(200);
    expect(clients.map(({ isCutOff }) => isCutOff)).toEqual([true, false, false]);
  });

  test('requests of others are accepted', () => {
    const { ask } = start();
    ask(text(MAX_BYTES));
    ask(text(MAX_BYTES), { type: 'mutation' });
    expect(ask('short').response.status).toBe(503);
    expect(ask('short', { address: '127.0.0.2' }).response.status).toBe(200);
  });

  test('no client is cut off for another response to that address, and none of an address with less', () => {
    const { ask } = start();
    const { client } = ask(text(300_000), { address: '127.0.0.2' });
    ask(text(700_000));
    expect(ask(text(200_000)).response.status).toBe(503);
    expect(client.isCutOff).toBe(false);
  });
});

test('a stream ends if there is no room, and takes none', async () => {
  const { ask } = start();
  ask(text(MAX_BYTES - 10_000));
  const { client, response } = ask(
    (async function* () {
      yield Buffer.from(text(100_000));
    })(),
  );
  expect(await Array.fromAsync(response.body as AsyncIterable<Uint8Array>)).toEqual([]);
  expect(client.isCutOff).toBe(true);
  expect(ask('short').response.status).toBe(200);
});

test('a stream with the response to a mutation does not end without room, because the change has happened', async () => {
  const { ask } = start();
  ask(text(MAX_BYTES - 10_000));
  const chunks = (async function* () {
    yield Buffer.from(text(100_000));
  })();
  const { client, response } = ask(chunks, { type: 'mutation' });
  expect(await Array.fromAsync(response.body as AsyncIterable<Uint8Array>)).toHaveLength(1);
  expect(client.isCutOff).toBe(false);
});

describe('a client that does not read', () => {
  test.for([
    ['text', text(MIB)],
    ['shared bytes', Buffer.alloc(MIB)],
  ] as const)('is cut off after the time that the slowest connection would need: %s', ([, body]) => {
    const { ask, pass } = start(10 * MIB);
    const { client } = ask(body);
    pass(60_000 + 63_000);
    expect(client.isCutOff).toBe(false);
    pass(2000);
    expect(client.isCutOff).toBe(true);
  });

  test('is cut off also from a stream, whose sent bytes count', async () => {
    const { ask, pass } = start();
    const chunks = (async function* () {
      for (let i = 0; i < 2; i += 1) yield Buffer.from(text(500_000));
    })();
    const { client, response } = ask(chunks);
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) expect(chunk).toHaveLength(500_000);
    expect(ask('short').response.status).toBe(503);
    pass(130_000);
    expect(client.isCutOff).toBe(true);
    expect(ask('short').response.status).toBe(200);
  });
});

describe('a subscription', () => {
  async function subscribe(maxBytes = MAX_BYTES) {
    const { ask, pass } = start(maxBytes);
    const events = (async function* () {
      for (;;) yield Buffer.from(text(100_000));
    })();
    const { client, response } = ask(events, { type: 'subscription' });
    const chunks = (response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    return { ask, pass, client, chunks };
  }

  test('may be open for any time, as long as its events are read', async () => {
    const { ask, pass, client, chunks } = await subscribe();
    for (let i = 0; i < 100; i += 1) {
      await chunks.next();
      pass(50_000);
    }
    expect(client.isCutOff).toBe(false);
    expect(ask(text(MAX_BYTES - 100_000)).response.status).toBe(200);
  });

  test('is cut off if one of them is not read', async () => {
    const { pass, client, chunks } = await subscribe();
    await chunks.next();
    pass(60_000 + 10_000);
    expect(client.isCutOff).toBe(true);
  });

  test('ends if there is no room for the next one', async () => {
    const { client, chunks } = await subscribe(90_000);
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(client.isCutOff).toBe(true);
  });
});

describe('bytes that are shared by responses', () => {
  test('take room once, however many clients get them, until the last has read them', () => {
    const { ask } = start();
    const kept = Buffer.alloc(MAX_BYTES - 10);
    const [first, second, third] = [ask(kept), ask(kept), ask(kept)];
    expect(third.response.status).toBe(200);
    first.client.read();
    second.client.read();
    expect(ask(text(100_000)).response.status).toBe(503);
    third.client.read();
    expect(ask(text(100_000)).response.status).toBe(200);
  });

  test('take room for each copy', () => {
    const { ask } = start();
    expect(ask(Buffer.alloc(MAX_BYTES - 10)).response.status).toBe(200);
    expect(ask(Buffer.alloc(MAX_BYTES - 10)).response.status).toBe(503);
  });

  test('are freed once all clients that wait for them are cut off', () => {
    const { ask, pass } = start();
    const kept = Buffer.alloc(MAX_BYTES - 10);
    const clients = [ask(kept), ask(kept)].map(({ client }) => client);
    pass(1000);
    expect(ask(text(100_000)).response.status).toBe(200);
    expect(clients.map(({ isCutOff }) => isCutOff)).toEqual([true, true]);
  });

  test('take room again if their last client is cut off meanwhile', () => {
    const { ask, pass } = start();
    const kept = Buffer.alloc(MAX_BYTES - 10);
    const first = ask(kept).client;
    function meanwhile() {
      ask(text(100_000), { type: 'mutation' });
      pass(1000);
    }
    expect(ask(kept, { meanwhile }).response.status).toBe(200);
    expect(first.isCutOff).toBe(true);
    expect(ask(text(100_000)).response.status).toBe(503);
  });

  test('take no room if they are permanent, and clients that read them are not cut off', () => {
    const { ask, pass } = start();
    const pages = Array.from({ length: 5 }, () => ask(Buffer.alloc(2 * MAX_BYTES), { type: 'page' }));
    expect(pages.map(({ response }) => response.status)).toEqual(pages.map(() => 200));
    ask(text(MAX_BYTES));
    pass(1000);
    expect(ask(text(400_000)).response.status).toBe(200);
    expect(pages.some(({ client }) => client.isCutOff)).toBe(false);
  });
});
