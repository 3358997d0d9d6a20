import type { AwsCalls } from '../aws/calls.ts';
import { CertwayError } from '../errors/errors.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { lostCursor } from '../relay/cursors.ts';
import { createAmongReplicas } from './among-replicas.ts';
import { chooseReads } from './choose-reads.ts';
import { createDeadline } from './deadline.ts';
import { createDemand } from './demand.ts';
import { atEndOfTurn } from './end-of-turn.ts';
import type { GatheredRead } from './gather.ts';
import { createHealth, isNoAnswer } from './health.ts';
import { createInFlightRead, type InFlightRead } from './in-flight.ts';
import type { SharedReads, SharedReadsOptions } from './interface.ts';
import { createMemory } from './memory.ts';
import { type Answers, createAnswerTo, isAnsweredBy, type Kind, type Question } from './question.ts';
import { createReadAhead } from './read-ahead.ts';
import { createRetries } from './retries.ts';
import { createSeenPages } from './seen-pages.ts';
import { type Look, noteIn, type Waiter, waitFor } from './waiter.ts';

/** AWS usually takes a tenth of this. After it, stale answers are served, and nobody else joins the read. */
const SLOW_MS = 500;

/** The shortest pause between retries while AWS does not work properly; with a long TTL it is half of that. */
const RETRY_MS = 500;

export function createSharedReads<T>(options: SharedReadsOptions<T>): SharedReads<T> {
  const { source, ttlMs, staleMs, maxPages, background, elapsedMs, later, replicas } = options;
  const { slowMs = SLOW_MS, readsAhead = false, onOutcome = () => undefined } = options;
  const answerTo = createAnswerTo(source.list);
  const memory = createMemory({ ...source, answerTo, elapsedMs });
  const health = createHealth();
  const demand = createDemand({ ttlMs, max: maxPages, elapsedMs });
  const pages = createSeenPages(maxPages);
  const amongReplicas =
    replicas && ttlMs > 0 ? createAmongReplicas({ ...options, ...replicas, ...source, slowMs }) : undefined;
  const inFlight = { source, answerTo, memory, amongReplicas };
  const choose = chooseReads<T>({ demand, pages, maxPages, areOthers: amongReplicas !== undefined });
  const reads = new Set<InFlightRead<T>>();
  let waiting: Waiter<T>[] = [];

  /** Waits until every operation of this turn has asked its questions. */
  const schedule = atEndOfTurn(startAll);

  const fresh: Look<T> = (question) => memory.recall(question, ttlMs);

  const stale: Look<T> = (question) => {
    const known = memory.recall(question, staleMs);
    return known && { ...known, staleMs: memory.ageMsOf(known.stamp) };
  };

  function recall<K extends Kind>(
    question: Question<K>,
    { use }: Pick<AwsCalls, 'use'>,
  ): Answers<T>[K] | undefined {
    const found = fresh(question) ?? (health.isWell() ? undefined : stale(question));
    if (!found) return undefined;
    if (found.staleMs === undefined) readAhead(found.stamp);
    else retry(question);
    use.reused += 1;
    noteIn(use, found);
    return found.answer;
  }

  function read<K extends Kind>(question: Question<K>, calls: AwsCalls): MaybePromise<Answers<T>[K]> {
    const known = recall(question, calls);
    if (known !== undefined) return known;
    return pages.isLost(question) ? Promise.reject(lostCursor()) : waitFor(question, calls, admit);
  }

  /** Joins a read in flight, or waits for the next one. */
  function admit(waiter: Waiter<T>): void {
    const asked = pages.toAsk(waiter.question);
    const read = Array.from(reads).findLast((one) => one.mayBeJoined() && isAnsweredBy(asked, one.question));
    if (read?.question.kind === 'all') demand.beBusy();
    if (read) read.join(waiter);
    else waiting.push(waiter);
    schedule();
  }

  function startAll(): void {
    if (reads.values().some((read) => read.isOpen() && !read.isAhead())) return;
    const unanswered = waiting.filter((waiter) => !waiter.isDone && !reuse(waiter));
    waiting = [];
    for (const chosen of choose(unanswered)) start(chosen);
  }

  function start(gathered: GatheredRead<Waiter<T>>): void {
    const deadline = createDeadline(later, slowMs, () => beLate(read));
    const read = createInFlightRead(gathered, { ...inFlight, deadline, number: health.begin() });
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
      onOutcome();
      memory.remember(answered, stamp);
      pages.add(answered, read.question, count);
    }
  }

  /** The answers may also serve those who wait for an older read. */
  function succeed({ number }: InFlightRead<T>): void {
    health.wentWell(number);
    for (const { waiters } of reads) for (const waiter of waiters) reuse(waiter);
  }

  function fail(read: InFlightRead<T>, error: unknown): void {
    if (read.isAbandoned()) return;
    health.failed(read.number, error);
    if (!health.isOvertaken(read.number)) onOutcome(error);
    const isTooLarge = error instanceof CertwayError && error.code === 'COLLECTION_TOO_LARGE';
    const wasWhole = read.maxPages === maxPages;
    if (isTooLarge && wasWhole) pages.addTooMany();
    for (const waiter of read.waiters) {
      if (isTooLarge && (waiter.question.kind !== 'all' || !wasWhole)) admit(waiter);
      else if (!isNoAnswer(error) || !serveStale(waiter)) waiter.fail(error);
    }
  }

  /** Stale answers are served, and the read continues in the background. */
  function beLate(read: InFlightRead<T>): void {
    read.beLate();
    health.wentWrong(read.number);
    const served = Array.from(read.waiters).filter(({ question }) => stale(question));
    if (served.length > 0) void askInBackground(read.question, read.join);
    for (const waiter of served) serveStale(waiter);
    schedule();
  }

  /** Answers with what has become known since the question was asked. */
  function reuse(waiter: Waiter<T>): boolean {
    const isAnswered = !waiter.isAhead && waiter.answer(fresh);
    if (isAnswered) waiter.calls.use.reused += 1;
    return isAnswered;
  }

  function serveStale(waiter: Waiter<T>): boolean {
    const isServed = waiter.answer(stale);
    if (isServed) retry(waiter.question);
    return isServed;
  }

  const askInBackground = async (question: Question, join: (waiter: Waiter<T>) => void, isAhead = false) =>
    waitFor<T, Kind>(question, background(), join, isAhead).catch(() => undefined);

  const refresh = (question: Question): Promise<unknown> => askInBackground(question, admit);

  const readAhead = createReadAhead({
    ttlMs,
    memory,
    isWorth: ({ kind }) => readsAhead && health.isWell() && (kind !== 'all' || pages.ofAll <= 1),
    ask: (question) => askInBackground(question, admit, true),
  });

  const retry = createRetries({
    isNeeded: (question) => !health.isWell() && stale(question) !== undefined,
    refresh,
    pauseMs: Math.max(ttlMs / 2, RETRY_MS),
    later,
  });

  function forget(): void {
    memory.forget();
    schedule(); // nobody has to wait for the end of a read that was overtaken
  }

  replicas?.changes.watch(source.collection, forget);

  return {
    collection: source.collection,
    read,
    recall,
    refresh,
    isWell: health.isWell,
    forget: (wait) => {
      forget();
      return replicas?.changes.announce(source.collection, wait);
    },
    isFresh: (stamp) => {
      readAhead(stamp);
      return memory.isOfThisEpoch(stamp) && memory.ageMsOf(stamp) < ttlMs;
    },
  };
}
