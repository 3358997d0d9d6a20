import { expect, test } from 'vitest';
import { createParallelReads } from '../../src/aws/parallel-reads.ts';

/** Reads that end when they are told to, and turns that end when `passTurns` is called. */
function createReads(max: number) {
  const timers = new Set<() => void>();
  const inParallel = createParallelReads(max, (run) => {
    timers.add(run);
    return () => timers.delete(run);
  });
  const begun: string[] = [];
  const read = (name: string, client = 'a') => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ended = inParallel(client, () => {
      begun.push(name);
      return promise;
    });
    return { end: () => [resolve(), ended].at(1) };
  };
  const passTurns = () => {
    const due = [...timers];
    timers.clear();
    for (const run of due) run();
  };
  const settle = () => new Promise(setImmediate);
  return { read, begun, passTurns, settle };
}

test('so many reads are made at a time, and clients take turns', async () => {
  const { read, begun, settle } = createReads(2);
  const [first, second] = [read('a1'), read('a2'), read('a3'), read('a4'), read('b1', 'b')];
  await settle();
  expect(begun).toEqual(['a1', 'a2']);
  await first.end();
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'a3']);
  await second.end();
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1']);
});

test('a read that takes long gives its turn to the next one, once', async () => {
  const { read, begun, passTurns, settle } = createReads(1);
  const [slow, next] = [read('slow'), read('next'), read('last')];
  await settle();
  expect(begun).toEqual(['slow']);
  passTurns();
  await settle();
  expect(begun).toEqual(['slow', 'next']);
  await slow.end();
  await settle();
  expect(begun).toEqual(['slow', 'next']);
  await next.end();
  await settle();
  expect(begun).toEqual(['slow', 'next', 'last']);
});

test('no more reads are slow at a time than there are turns', async () => {
  const { read, begun, passTurns, settle } = createReads(1);
  const [slow] = [read('slow'), read('slow too'), read('last')];
  await settle();
  passTurns();
  await settle();
  passTurns();
  await settle();
  expect(begun).toEqual(['slow', 'slow too']);
  await slow.end();
  passTurns();
  await settle();
  expect(begun).toEqual(['slow', 'slow too']);
});
