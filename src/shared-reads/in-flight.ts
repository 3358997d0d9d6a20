import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwsCalls } from '../aws/calls.ts';
import { UpstreamError } from '../errors.ts';
import type { Answer, Want } from './question.ts';

/** An operation that waits for what it wants to know; it stops waiting when its client has gone or its time is over. */
export type Waiter<T> = {
  want: Want;
  calls: AwsCalls;
  isDone: boolean;
  /** Keeps what belongs to the operation, such as its span, in what is done for it. */
  inContext: <R>(run: () => R) => R;
  /** Called when it waits no longer, for whatever reason. */
  onEnd?: () => void;
  answer(answer: Answer<T>): void;
  fail(error: unknown): void;
};

/** `onWaiter` gets the waiter whose answer the promise is. */
export function waitFor<T>(
  want: Want,
  calls: AwsCalls,
  onWaiter: (waiter: Waiter<T>) => void,
): Promise<Answer<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
  const stopWaiting = calls.startWaiting();
  function end(): void {
    takeBack();
    waiter.isDone = true;
    stopWaiting();
    waiter.onEnd?.();
  }
  const waiter: Waiter<T> = {
    want,
    calls,
    isDone: false,
    inContext: AsyncLocalStorage.snapshot(),
    answer: (answer) => {
      end();
      resolve(answer);
    },
    fail: (error) => {
      end();
      reject(error);
    },
  };
  const takeBack = calls.whenOver(() => waiter.fail(timeIsOver()));
  onWaiter(waiter);
  return promise;
}

const timeIsOver = () =>
  new UpstreamError('UPSTREAM_TIMEOUT', 'The time for the operation was over before AWS answered.');

/** A read of AWS that is under way, and who waits for it. */
export type SharedRead<T> = {
  want: Want;
  /** Those that are begun later have higher ones. */
  number: number;
  /** Where there are more, it is given up. */
  maxPages: number;
  /** When it was asked of AWS; undefined while it waits until that may be. */
  sentAtMs: number | undefined;
  /** Whose operation makes the calls. */
  payer: AwsCalls;
  waiters: Set<Waiter<T>>;
  /** Aborted once nobody waits for it any more. */
  gone: AbortController;
  /** It takes longer than it should: nobody else is to wait for it. */
  isOverdue: boolean;
  /** A write has happened since it began: what it finds is for its waiters alone. */
  isOutdated: boolean;
};

/** Has a waiter wait for a read, until either ends. */
export function join<T>(read: SharedRead<T>, waiter: Waiter<T>): void {
  if (waiter.calls !== read.payer) waiter.calls.use.joined += 1;
  read.waiters.add(waiter);
  waiter.onEnd = () => {
    read.waiters.delete(waiter);
    if (read.waiters.size === 0) read.gone.abort();
  };
}
