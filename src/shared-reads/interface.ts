import type { AwsCalls } from '../aws/calls.ts';
import type { Stamp } from '../aws/stamps.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { AnswerStore } from '../replicas/answer-store.ts';
import type { Changes } from '../replicas/changes.ts';
import type { Clock } from '../time/clock.ts';
import type { Wait } from '../time/patience.ts';
import type { Answers, Kind, Question } from './question.ts';
import type { Source } from './source.ts';

export type SharedReadsOptions<T> = {
  source: Source<T>;
  /** For how long an answer is reused, counted from when AWS was asked; 0 disables it. */
  ttlMs: number;
  /** The maximum age of a stale answer, which stands in while AWS does not work properly. */
  staleMs: number;
  /** The maximum number of pages of a read of the whole collection. */
  maxPages: number;
  /** Makes the calls for reads that no operation waits for. */
  background: () => AwsCalls;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  later: Clock['later'];
  /** Whether AWS is asked again for what is still used shortly before it is too old. */
  readsAhead?: boolean;
  /** What this process shares with others; undefined if it is the only one. */
  replicas?: { changes: Pick<Changes, 'epochOf' | 'announce' | 'watch'>; store: AnswerStore } | undefined;
  /** A read without an answer for this long is slow. */
  slowMs?: number;
  /**
   * Called with each answer of AWS, also where a read of many goes on, and with the error that ends a read which anyone has waited for. A
   * failure that a later read has overtaken is not told.
   */
  onOutcome?: (error?: unknown) => void;
};

/** The AWS reads of one collection, shared by all operations. */
export type SharedReads<T> = {
  /** Its name, as stamps have it. */
  collection: string;
  /**
   * Answers a question: synchronously if a fresh answer is known, or a stale one stands in; otherwise from AWS, joining a
   * read in flight. A page at a `position` that AWS never gave to this process is answered by the whole collection, in which
   * the cursor's ids tell the place. Otherwise invented positions would each cost a call.
   */
  read<K extends Kind>(question: Question<K>, calls: AwsCalls): MaybePromise<Answers<T>[K]>;
  /** What `read` would return synchronously; undefined if AWS would have to be asked. */
  recall<K extends Kind>(question: Question<K>, calls: Pick<AwsCalls, 'use'>): Answers<T>[K] | undefined;
  /** Asks AWS although nobody waits for the answer, which later questions then find. Resolves at the end of that, whatever it was. */
  refresh(question: Question): Promise<unknown>;
  /** Whether AWS works properly, judged by the latest reads. */
  isWell(): boolean;
  /** To be called after a write: no earlier answer of AWS serves later questions, in other replicas once it has resolved, for which `wait` is patient. */
  forget(wait?: Wait): MaybePromise<unknown>;
  /** Whether an answer with this stamp would be given again now; false for other collections. */
  isFresh(stamp: Stamp): boolean;
};
