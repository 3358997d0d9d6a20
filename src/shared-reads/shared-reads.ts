import type { AwsCalls } from '../aws/calls.ts';
import type { Stamp } from '../aws/stamps.ts';
import { CertwayError } from '../errors.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { lostCursor } from '../relay/cursors.ts';
import { createDeadline, type Later } from './deadline.ts';
import { createDemand } from './demand.ts';
import { atEndOfTurn } from './end-of-turn.ts';
import { type GatheredRead, gather } from './gather.ts';
import { createHealth, isNoAnswer } from './health.ts';
import { createInFlightRead, type InFlightRead } from './in-flight.ts';
import { createMemory } from './memory.ts';
import { type Answers, createAnswerTo, isAnsweredBy, type Kind, type Question } from './question.ts';
import { createSeenPages } from './seen-pages.ts';
import type { Source } from './source.ts';
import { type Look, noteIn, type Waiter, waitFor } from './waiter.ts';

export type SharedReadsOptions<T> = {
  source: Source<T>;
  /** For how long an answer is used again, from when it was asked of AWS; 0: not at all. */
  ttlMs: number;
  /** How old an answer may be that stands in for a fresh one while AWS does not answer as it should. */
  staleMs: number;
  /** More pages than that are never read for the whole collection. */
  maxPages: number;
  /** Makes the calls that no operation waits for. */
  background: () => AwsCalls;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
  later: Later;
  /** After that long without an answer, a read is slow. */
  slowMs?: number;
};

/** The reads of one collection at AWS, shared by all operations. */
export type SharedReads<T> = {
  /**
   * The answer to a question: at once where a fresh one is known, or one that stands in for it, else from AWS. A read
   * that is under way is joined. A page at a `position` that AWS never gave to this process is answered by the whole
   * collection, where the cursor's ids have the place; a call for each would be at the mercy of who makes them up.
   */
  read<K extends Kind>(question: Question<K>, calls: AwsCalls): MaybePromise<Answers<T>[K]>;
  /** After a write: nothing that AWS was asked before answers what is asked from now on. */
  forget(): void;
  /** Whether what has this stamp would be answered again if it were asked now; false for other collections. */
  isFresh(stamp: Stamp): boolean;
};

/** A call takes AWS a tenth of this. After that, waiters are served what there is, and nobody else waits for the read. */
const SLOW_MS = 500;

/** While AWS does not answer as it should, it is tried once in that time at the most, and else twice in a TTL. */
const RETRY_MS = 500;

export function createSharedReads<T>(options: SharedReadsOptions<T>): SharedReads<T> {
  const { source, ttlMs, staleMs, maxPages, background, elapsedMs, later, slowMs = SLOW_MS } = options;
  const { collection, list } = source;
  const answerTo = createAnswerTo(list);
  const memory = createMemory({ collection, list, answerTo, elapsedMs });
  const health = createHealth();
  const demand = createDemand({ ttlMs, max: maxPages, elapsedMs });
  const pages = createSeenPages(maxPages);
  const reads = new Set<InFlightRead<T>>();
  let waiting: Waiter<T>[] = [];
  let isRetrying = false;

  /** When all who are at it in this turn have said what they want. */
  const schedule = atEndOfTurn(startAll);

  const fresh: Look<T> = (question) => memory.recall(question, ttlMs);

  const stale: Look<T> = (question) => {
    const known = memory.recall(question, staleMs);
    return known && { ...known, staleMs: memory.ageMsOf(known.stamp) };
  };

  function read<K extends Kind>(question: Question<K>, calls: AwsCalls): MaybePromise<Answers<T>[K]> {
    const found = fresh(question) ?? (health.isWell() ? undefined : stale(question));
    if (!found)
      return pages.isLost(question) ? Promise.reject(lostCursor()) : waitFor(question, calls, admit);
    if (found.staleMs !== undefined && !isRetrying) retry(question);
    calls.use.reused += 1;
    noteIn(calls.use, found);
    return found.answer;
  }

  /** To a read that is under way, or to those who wait for the next one. */
  function admit(waiter: Waiter<T>): void {
    const asked = pages.toAsk(waiter.question);
    const read = Array.from(reads).findLast((read) => read.isOpen() && isAnsweredBy(asked, read.question));
    if (read?.question.kind === 'all') demand.beBusy();
    if (read) read.join(waiter);
    else {
      waiting.push(waiter);
      schedule();
    }
  }

  function startAll(): void {
    if (reads.values().some((read) => read.isOpen())) return;
    const unanswered = waiting.filter((waiter) => !waiter.isDone && !reuse(waiter));
    waiting = [];
    const wanted = unanswered.map((waiter) => ({ question: pages.toAsk(waiter.question), waiter }));
    const gathered = gather(wanted, {
      pagesOfAll: pages.ofAll,
      maxPages,
      isBusy: demand.isBusy(),
      singleCalls: demand.singleCalls(),
    });
    if (gathered.isBusy) demand.beBusy();
    demand.addSingleCalls(gathered.singleCalls);
    for (const { waiters, ...read } of gathered.reads)
      start({ ...read, waiters: waiters.map(({ waiter }) => waiter) });
  }

  function start(gathered: GatheredRead<Waiter<T>>): void {
    const deadline = createDeadline(later, slowMs, () => beLate(read));
    const number = health.begin();
    const read = createInFlightRead(gathered, { source, answerTo, memory, deadline, number });
    reads.add(read);
    run(read)
      .finally(() => {
        reads.delete(read);
        schedule();
      })
      .then(
        () => succeed(read),
        (error) => fail(read, error),
      );
  }

  async function run(read: InFlightRead<T>): Promise<void> {
    let count = 0;
    for await (const { answered, stamp } of read.run()) {
      count += 1;
      memory.remember(answered, stamp);
      pages.add(answered, read.question, count);
    }
  }

  /** It may answer those too who wait for an older one. */
  function succeed({ number }: InFlightRead<T>): void {
    health.wentWell(number);
    for (const { waiters } of reads) for (const waiter of waiters) reuse(waiter);
  }

  function fail(read: InFlightRead<T>, error: unknown): void {
    if (read.isAbandoned()) return;
    health.failed(read.number, error);
    const isTooLarge = error instanceof CertwayError && error.code === 'COLLECTION_TOO_LARGE';
    const wasWhole = read.maxPages === maxPages;
    if (isTooLarge && wasWhole) pages.addTooMany();
    for (const waiter of read.waiters) {
      if (isTooLarge && (waiter.question.kind !== 'all' || !wasWhole)) admit(waiter);
      else if (!isNoAnswer(error) || !serveStale(waiter)) waiter.fail(error);
    }
  }

  /** The read goes on behind those who are served what there is. */
  function beLate(read: InFlightRead<T>): void {
    read.beLate();
    health.wentWrong(read.number);
    const served = Array.from(read.waiters).filter(({ question }) => stale(question));
    if (served.length > 0) waitFor<T, Kind>(read.question, background(), read.join).catch(() => undefined);
    for (const waiter of served) serveStale(waiter);
    schedule();
  }

  /** With what has become known since it asked. */
  function reuse(waiter: Waiter<T>): boolean {
    const isAnswered = waiter.answer(fresh);
    if (isAnswered) waiter.calls.use.reused += 1;
    return isAnswered;
  }

  function serveStale(waiter: Waiter<T>): boolean {
    const isServed = waiter.answer(stale);
    if (isServed && !isRetrying) retry(waiter.question);
    return isServed;
  }

  /** So that what is fresh again is known before anyone asks. */
  function retry(question: Question): void {
    isRetrying = !health.isWell() && stale(question) !== undefined;
    if (!isRetrying) return;
    waitFor<T, Kind>(question, background(), admit).catch(() => undefined);
    later(() => retry(question), Math.max(ttlMs / 2, RETRY_MS));
  }

  return {
    read,
    forget: () => {
      memory.forget();
      schedule(); // those who wait for the end of a read that is overtaken need not any more
    },
    isFresh: (stamp) => memory.isOfThisEpoch(stamp) && memory.ageMsOf(stamp) < ttlMs,
  };
}
