import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { nextTick } from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { createFairQueue } from '../../src/collections/fair-queue.ts';
import { createFairScheduler } from '../../src/graphql/fair-scheduler.ts';
import { createBeginning, useFairScheduling } from '../../src/graphql/plugins/fair-scheduling.ts';

const elapsedMs = () => performance.now();

/** Like an operation that waits for nothing. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('operations that arrive together begin in their order, with turns of the event loop for other work in between', async () => {
  const turn = createFairScheduler({ elapsedMs });
  const done: number[] = [];
  let turns = 0;
  const others = (async () => {
    while (done.length < 30) {
      await nextTurn();
      turns += 1;
    }
  })();
  const operations = Array.from({ length: 30 }, async (_, i) => {
    await turn('a');
    work(4);
    done.push(i);
  });
  await Promise.all([...operations, others]);
  expect(done).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(turns).toBeGreaterThan(5);
});

test('operations begin at once until they have taken some milliseconds of a turn of the event loop', async () => {
  let clockMs = 0;
  const turn = createFairScheduler({ elapsedMs: () => clockMs });
  const begunAtOnce: boolean[] = [];
  async function arrive(ms: number): Promise<void> {
    begunAtOnce.push(turn('a') === undefined);
    clockMs += ms;
    await new Promise<void>((resolve) => queueMicrotask(() => nextTick(resolve)));
  }
  for (const ms of [2, 3, 1, 1]) await arrive(ms);
  for (let i = 0; i < 10; i += 1) await nextTurn(); // the waiting one has begun
  await arrive(1);
  expect(begunAtOnce).toEqual([true, true, true, false, true]);
});

test('of operations that continue together, only the first begins at once', async () => {
  const turn = createFairScheduler({ elapsedMs });
  expect(turn('a')).toBe(undefined);
  const second = turn('a');
  expect(second).toBeInstanceOf(Promise);
  await second;
});

test('an operation whose client leaves makes room for others before its turn', async () => {
  let clockMs = 0;
  const turn = createFairScheduler({ elapsedMs: () => clockMs, max: 2 });
  const reason = new GraphQLError('left');
  let isGone = false;
  const refusal = () => (isGone ? reason : undefined);
  turn('a');
  const begun: string[] = [];
  const others = ['b', 'c'].map(async (client) => {
    await turn(client, refusal);
    clockMs += 50; // each takes a turn of its own
    begun.push(client);
  });
  await expect(turn('d')).rejects.toThrow('Too many others wait.');
  isGone = true;
  clockMs += 100;
  expect(await Promise.allSettled(others)).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
  expect(begun).toEqual([]);
});

test('an operation does not wait for one that is waiting itself', async () => {
  const turn = createFairScheduler({ elapsedMs });
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = (async () => {
    await turn('a');
    await promise;
  })();
  await turn('a');
  resolve();
  await first;
});

test('while many operations of one kind wait, the others get most of the time', async () => {
  const [ofNew, ofKnown] = [
    createFairScheduler({ elapsedMs, pauseFactor: 4 }),
    createFairScheduler({ elapsedMs }),
  ];
  let isOver = false;
  let known = 0;
  const others = (async () => {
    while (!isOver) {
      await ofKnown('a');
      work(1);
      known += 1;
    }
  })();
  const operations = Array.from({ length: 5 }, async () => {
    await ofNew('a');
    work(4);
  });
  await Promise.all(operations);
  isOver = true;
  await others;
  expect(known).toBeGreaterThan(12); // without pauses about one for each
});

test('the pause is short, however long a turn was', async () => {
  let clockMs = 0;
  const turn = createFairScheduler({ elapsedMs: () => clockMs, pauseFactor: 4 });
  const first = (async () => {
    await turn('a');
    clockMs += 3_600_000;
  })();
  await Promise.all([first, turn('a'), turn('a')]);
});

test('a new connection does not wait for the operations of all earlier ones', async () => {
  const turn = createFairScheduler({ elapsedMs });
  const all = Promise.withResolvers<number>();
  let accepted = 0;
  let begun = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    accepted += 1;
    if (accepted === 60) all.resolve(begun);
    void (async () => {
      await turn('a');
      begun += 1;
      work(10);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 60 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  expect(await all.promise).toBeLessThan(30); // otherwise all but the last would have begun
});

/** Schedules operations by their documents; a document is known once an operation with it has begun. */
function startTurns(timeoutMs = 60_000) {
  const known = new Set<string>();
  const { onParams } = useFairScheduling({
    isKnown: (document) => known.has(document),
    begin: createBeginning({ clientOf: ({ request }) => request.address ?? '', timeoutMs, elapsedMs }),
    ofKnown: createFairScheduler({ elapsedMs, max: 5, maxOfClient: 3 }),
    ofNew: createFairScheduler({ elapsedMs, pauseFactor: 4, max: 5, maxOfClient: 3 }),
  });
  const order: string[] = [];
  const begin = async (
    query: string,
    name: string,
    { hasLeft = (): boolean => false, address = 'a', params = { query } as object, body = '' } = {},
  ) => {
    const arrival = { hasLeft, address };
    const context = { exchange: { request: arrival, startedAtMs: performance.now() }, sent: { body } };
    const json = async () => ({ query, variables: { parsed: 'again' } });
    const request = { method: 'POST', headers: new Headers({ 'content-type': 'application/json' }), json };
    await onParams?.({ params, request, context } as unknown as Parameters<typeof onParams>[0]);
    work(2);
    known.add(query);
    order.push(name);
  };
  return { begin, order };
}

test('an operation with a known document does not wait for new ones', async () => {
  const { begin, order } = startTurns();
  await begin('a', 'a1');
  const all = [begin('b', 'b'), begin('c', 'c'), begin('d', 'd'), begin('a', 'a2'), begin('a', 'a3')];
  await Promise.all(all);
  expect(order.toSpliced(order.indexOf('b'), 1)).toEqual(['a1', 'a2', 'a3', 'c', 'd']);
});

test('a document that becomes known while it waits is treated as known', async () => {
  const { begin, order } = startTurns();
  await Promise.all(['a1', 'b', 'a2'].map((name) => begin(name.slice(0, 1), name)));
  expect(order).toEqual(['a1', 'b', 'a2']);
});

test('an operation whose client has left does not begin', async () => {
  const { begin, order } = startTurns();
  let isGone = false;
  const [first, left, last] = [begin('a', 'a'), begin('b', 'b', { hasLeft: () => isGone }), begin('c', 'c')];
  isGone = true;
  await expect(left).rejects.toThrow('The client has left.');
  await Promise.all([first, last]);
  expect(order).toEqual(['a', 'c']);
});

test('a long body is not kept parsed while its operation waits, but parsed again when it begins', async () => {
  const { begin } = startTurns();
  const atFirst = { variables: { parsed: 'at first' } };
  const params = [1, 2, 3].map((i) => ({ query: `${i}`, ...atFirst }));
  const bodies = ['x'.repeat(5000), 'x'.repeat(5000), 'short'];
  const begun = params.map((params, i) => begin(params.query, `${i}`, { params, body: bodies[i] ?? '' }));
  expect(params).toEqual([{ query: '1', ...atFirst }, {}, { query: '3', ...atFirst }]);
  await Promise.all(begun);
  expect(params).toEqual([
    { query: '1', ...atFirst },
    { query: '2', variables: { parsed: 'again' } },
    { query: '3', ...atFirst },
  ]);
});

test('clients take turns, however many operations each has waiting', async () => {
  const { begin, order } = startTurns();
  const of = (address: string) => ({ address });
  await Promise.all([
    begin('a', 'x1', of('x')),
    begin('b', 'x2', of('x')),
    begin('c', 'x3', of('x')),
    begin('d', 'y1', of('y')),
    begin('e', 'z1', of('z')),
  ]);
  expect(order).toEqual(['x1', 'y1', 'z1', 'x2', 'x3']);
});

const overloaded = (message: string) => ({
  message: `The service has too much to do. ${message} Nothing of the operation was done.`,
  extensions: { code: 'OVERLOADED', http: { status: 503, headers: { 'retry-after': '1' } } },
});

test('the number of waiting operations is bounded, per client and in total', async () => {
  const { begin, order } = startTurns();
  const of = (address: string) => ({ address });
  const first = begin('a', 'a', of('x'));
  const waiting = ['b', 'c', 'd'].map((name) => begin(name, name, of('x')));
  await expect(begin('e', 'e', of('x'))).rejects.toMatchObject(overloaded('Too many others wait.'));
  waiting.push(begin('f', 'f', of('y')), begin('g', 'g', of('z')));
  await expect(begin('h', 'h', of('y'))).rejects.toMatchObject(overloaded('Too many others wait.'));
  await Promise.all([first, ...waiting]);
  expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd', 'f', 'g']);
  await begin('i', 'i', of('x'));
});

test('an operation that has waited for the whole time of a request does not begin', async () => {
  const { begin, order } = startTurns(0);
  const waiting = Promise.allSettled(['a', 'b'].map((name) => begin(name, name)));
  work(2);
  const reason = overloaded('Its time was over before it could begin.');
  expect(await waiting).toMatchObject([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
  expect(order).toEqual([]);
});

/** A queue whose turns take as long as each item says. */
function startQueue() {
  const queue = createFairQueue<{ name: string; ms: number }>({ max: 100, maxOfClient: 50 });
  const taken: string[] = [];
  return {
    queue,
    taken,
    add: (client: string, count: number, ms: number) => {
      for (let i = 1; i <= count; i += 1) queue.add(client, { name: `${client}${i}`, ms });
    },
    take: (count: number) => {
      for (let i = 0; i < count; i += 1) {
        const turn = queue.next();
        if (!turn) return;
        taken.push(turn.item.name);
        queue.charge(turn.client, turn.item.ms);
      }
    },
  };
}

test('clients get equal time, not equally many turns', () => {
  const { add, take, taken } = startQueue();
  add('a', 4, 40);
  add('b', 9, 10);
  take(13);
  expect(taken).toEqual(['a1', 'b1', 'b2', 'b3', 'b4', 'a2', 'b5', 'b6', 'b7', 'b8', 'a3', 'b9', 'a4']);
});

test('a client that arrives later is next, and has no credit for the time before', () => {
  const { add, take, taken } = startQueue();
  add('a', 6, 40);
  take(3);
  add('b', 3, 40);
  take(6);
  expect(taken).toEqual(['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'a5', 'b3', 'a6']);
});

test('a client that has used much time waits when it comes again', () => {
  const { add, take, taken } = startQueue();
  add('a', 1, 100);
  add('b', 12, 10);
  take(1);
  add('a', 1, 100);
  take(13);
  expect(taken).toEqual(['a1', ...Array.from({ length: 10 }, (_, i) => `b${i + 1}`), 'a1', 'b11', 'b12']);
});

test('a thousand clients without waiting items are remembered, however many others come', () => {
  const { add, take, taken } = startQueue();
  add('z', 2, 1000); // always has an item waiting
  add('a', 1, 100);
  take(2);
  for (let i = 0; i < 1500; i += 1) {
    add(`c${i}-`, 1, 1);
    take(1);
  }
  add('c1499-', 1, 1);
  add('c0-', 1, 1);
  add('a', 1, 1);
  take(3);
  expect(taken.slice(-3)).toEqual(['c0-1', 'a1', 'c1499-1']);
});

test('deleted items are no longer in the queue', () => {
  const { queue, add, take, taken } = startQueue();
  const [first, second] = [
    { name: 'x', ms: 1 },
    { name: 'y', ms: 1 },
  ];
  queue.add('a', first);
  queue.add('a', second);
  add('b', 1, 1);
  queue.delete('a', first);
  queue.delete('a', first);
  queue.delete('c', second);
  expect(queue.size).toBe(2);
  take(5);
  expect(taken).toEqual(['y', 'b1']);
  expect(queue.size).toBe(0);
  expect(queue.next()).toBe(undefined);
});
