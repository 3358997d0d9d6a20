import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwsCalls } from '../aws/calls.ts';
import { timeIsOver } from '../aws/errors.ts';
import { addStamp } from '../aws/stamps.ts';
import type { AwsUse } from '../aws/use.ts';
import type { Known } from './memory.ts';
import type { Answers, Kind, Question } from './question.ts';

/** An answer, with its age if it is stale. */
export type Found<T, K extends Kind = Kind> = Known<T, K> & { staleMs?: number };

/** Looks for an answer to any question. */
export type Look<T> = <K extends Kind>(question: Question<K>) => Found<T, K> | undefined;

/** An operation that waits for an answer, until its client leaves or its time is over. */
export type Waiter<T> = {
  question: Question;
  calls: AwsCalls;
  isDone: boolean;
  /** Whether AWS shall be asked although a fresh answer is known. */
  isAhead: boolean;
  /** Runs something in the async context of the operation, for example in its span. */
  inContext: <R>(run: () => R) => R;
  /** Called when it stops waiting, for any reason. */
  onEnd?: () => void;
  /** Answers with what `look` finds; false if it finds nothing. */
  answer(look: Look<T>): boolean;
  fail(error: unknown): void;
};

/** Waits for an answer. `onWaiter` gets the waiter, which settles the promise. */
export function waitFor<T, K extends Kind>(
  question: Question<K>,
  calls: AwsCalls,
  onWaiter: (waiter: Waiter<T>) => void,
  isAhead = false,
): Promise<Answers<T>[K]> {
  const { promise, resolve, reject } = Promise.withResolvers<Answers<T>[K]>();
  const stopWaiting = calls.startWaiting();
  function end(): void {
    takeBack();
    waiter.isDone = true;
    stopWaiting();
    waiter.onEnd?.();
  }
  const waiter: Waiter<T> = {
    question,
    calls,
    isDone: false,
    isAhead,
    inContext: AsyncLocalStorage.snapshot(),
    answer: (look) => {
      const found = look(question);
      if (!found) return false;
      noteIn(calls.use, found);
      end();
      resolve(found.answer);
      return true;
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

/** Records in `use` what the operation has seen. */
export function noteIn<T>(use: AwsUse, { stamp, staleMs = 0 }: Found<T>): void {
  addStamp(use.stamps, stamp);
  use.staleMs = Math.max(use.staleMs, staleMs);
}
