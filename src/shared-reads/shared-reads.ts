import { setImmediate as endOfTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { AwsCalls, AwsUse } from '../aws/calls.ts';
import { isAboutRequest } from '../aws/errors.ts';
import { CertwayError } from '../errors.ts';
import { lostCursor } from '../relay/cursors.ts';
import type { Page } from '../relay/pages.ts';
import { createReadQueue } from './gather.ts';
import { createUpstreamHealth } from './health.ts';
import { join, type SharedRead, type Waiter, waitFor } from './in-flight.ts';
import { createKnownFindings, type Known } from './memory.ts';
import { type Answer, answerTo, findings, isAnsweredBy, type Upstream, type Want } from './question.ts';
import type { Snapshot } from './snapshot.ts';

export type UpstreamCacheOptions<T> = {
  upstream: Upstream<T>;
  /** For how long an answer is used again, from when it was asked of AWS; 0: not at all. */
  ttlMs: number;
  /** How old an answer may be that stands in for a fresh one while AWS does not answer as it should. */
  staleMs: number;
  /** More pages than that are never read for the whole collection. */
  maxPages: number;
  /** Makes the calls that no operation waits for. */
  background: (since: Pick<AwsUse, 'readAtMs' | 'writes'>) => AwsCalls;
  elapsedMs: () => number;
  /** After that long without an answer, a read is slow. */
  slowMs?: number;
};

/**
 * The reads of one collection at AWS, shared by all operations: a read that is under way is joined, and its answer is
 * used again for a while. A page at a `position` that AWS never gave to this process is answered by all of the
 * collection, where the cursor's ids have the place; a call for each would be at the mercy of who makes them up.
 */
export type UpstreamCache<T> = {
  /** What is fresh; undefined where there is no such thing. */
  peek: Peek<T>;
  ask: Ask<T>;
  /** After a write: nothing that was asked of AWS before answers what is asked from now on. */
  forget(): void;
  /** What an operation is to know of the moment at which it begins. */
  begin(): Pick<AwsUse, 'readAtMs' | 'writes'>;
  /** Whether what an operation came to know could be answered again, as if it were asked now. */
  isStillFresh(use: Pick<AwsUse, 'readAtMs' | 'writes' | 'staleMs'>): boolean;
};

type All = Want & { kind: 'all' };
type OnePage = Want & { kind: 'page' };
type One = Want & { kind: 'one' };

/** A page may be answered by all of the collection, one item by null where there is no such item. */
type Peek<T> = {
  (want: All, calls: AwsCalls): Snapshot<T> | undefined;
  (want: OnePage, calls: AwsCalls): Page<T> | Snapshot<T> | undefined;
  (want: One, calls: AwsCalls): T | null | undefined;
};

type Ask<T> = {
  (want: All, calls: AwsCalls): Promise<Snapshot<T>>;
  (want: OnePage, calls: AwsCalls): Promise<Page<T> | Snapshot<T>>;
  (want: One, calls: AwsCalls): Promise<T | null>;
};

/** A call takes AWS a tenth of this. After that, waiters are served what there is, and nobody else waits for the read. */
const SLOW_MS = 500;

/** While AWS does not answer as it should, it is tried once in that time at the most, and else twice in a TTL. */
const RETRY_MS = 500;

/** So many are answered in a millisecond or two; an operation alone can have some thousands. */
const WAITERS_A_TURN = 500;

/** Walks that are under way hold one each; it is about 50 characters. */
const MAX_POSITIONS = 10_000;

/** What is no answer, so that an old one is better. */
const NO_ANSWER: unknown[] = ['THROTTLED', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'];

export function createUpstreamCache<T>(options: UpstreamCacheOptions<T>): UpstreamCache<T> {
  const { upstream, ttlMs, staleMs, maxPages, background, elapsedMs, slowMs = SLOW_MS } = options;
  const known = createKnownFindings(upstream.list);
  const health = createUpstreamHealth(Math.max(ttlMs / 2, RETRY_MS));
  const reads = new Set<SharedRead<T>>();
  /** What AWS gave to this process. Others come from another process, from before a restart, or from nowhere. */
  const positions = new LRUCache<string, true>({ max: MAX_POSITIONS });
  const isKnownPosition = ({ position }: OnePage) =>
    position === undefined || positions.get(position) === true;
  let writes = 0;
  /** How many calls it takes to read everything, as far as has been seen. */
  let pagesOfAll = 1;

  const begin = () => ({ readAtMs: elapsedMs(), writes });
  const isOpen = ({ isOverdue, isOutdated, gone }: SharedRead<T>) =>
    !isOverdue && !isOutdated && !gone.signal.aborted;

  const queue = createReadQueue<T>({
    isReading: () => reads.values().some(isOpen),
    reuse,
    start,
    pagesOfAll: () => pagesOfAll,
    maxPages,
    ttlMs,
    elapsedMs,
  });

  function recall(want: Want, maxAgeMs: number): Known<T> | undefined {
    const found = known.recall(want);
    return found && elapsedMs() - found.readAtMs < maxAgeMs ? found : undefined;
  }

  const peek = (want: Want, calls: AwsCalls) => take(recall(want, ttlMs), calls, false);

  function peekStale(want: Want, calls: AwsCalls): Answer<T> | undefined {
    const found = health.isWell() ? undefined : recall(want, staleMs);
    if (found) retryWhileUnwell(want);
    return take(found, calls, true);
  }

  function take(found: Known<T> | undefined, calls: AwsCalls, isStale: boolean): Answer<T> | undefined {
    if (!found) return undefined;
    calls.use.reused += 1;
    note(calls, found, isStale);
    return found.answer;
  }

  function note({ use }: AwsCalls, { readAtMs }: { readAtMs: number }, isStale: boolean): void {
    use.readAtMs = Math.min(use.readAtMs, readAtMs);
    if (isStale) use.staleMs = Math.max(use.staleMs, elapsedMs() - readAtMs);
  }

  /** To a read that is under way, or to those who wait for the next one. */
  function admit(waiter: Waiter<T>): void {
    const read = Array.from(reads).findLast((read) => isOpen(read) && isAnsweredBy(waiter.want, read.want));
    if (read) {
      if (read.want.kind === 'all') queue.beBusy();
      join(read, waiter);
    } else queue.add(waiter);
  }

  /** With what has become known since it asked. */
  function reuse(waiter: Waiter<T>): boolean {
    const isAnswered = settle(waiter, recall(waiter.want, ttlMs), false);
    if (isAnswered) waiter.calls.use.reused += 1;
    return isAnswered;
  }

  /** Whether there was something to settle it with. */
  function settle(waiter: Waiter<T>, found: Known<T> | undefined, isStale: boolean): boolean {
    if (!found) return false;
    note(waiter.calls, found, isStale);
    waiter.answer(found.answer);
    return true;
  }

  function start(want: Want, waiters: Waiter<T>[], maxPages: number): void {
    const first = waiters.find(({ calls }) => calls.repeats) ?? waiters[0];
    if (!first) return;
    const read: SharedRead<T> = {
      want,
      number: health.begin(),
      maxPages,
      sentAtMs: undefined,
      payer: first.calls,
      waiters: new Set(),
      gone: new AbortController(),
      isOverdue: false,
      isOutdated: false,
    };
    reads.add(read);
    for (const waiter of waiters) join(read, waiter);
    const timer = setTimeout(() => overdue(read, timer), slowMs);
    first
      .inContext(() => perform(read, timer))
      .finally(() => {
        clearTimeout(timer);
        reads.delete(read);
        queue.schedule();
      })
      .then(
        () => succeed(read),
        (error) => fail(read, error),
      );
  }

  /** Each waiter is answered as soon as something answers it; where nobody is left, the rest is not read. */
  async function perform(read: SharedRead<T>, timer: NodeJS.Timeout): Promise<void> {
    const { want, maxPages, payer, waiters, gone } = read;
    const onSent = () => {
      if (read.sentAtMs === undefined) timer.refresh();
      read.sentAtMs ??= elapsedMs();
    };
    const calls: AwsCalls = { ...payer, read: (command, signal) => payer.read(command, signal, onSent) };
    let pages = 0;
    for await (const finding of findings(upstream, want, calls, { signal: gone.signal, maxPages })) {
      const readAtMs = read.sentAtMs ?? elapsedMs();
      if (finding.kind === 'page' && finding.answer.position !== undefined)
        positions.set(finding.answer.position, true);
      if (!read.isOutdated) known.remember(finding, readAtMs);
      let looked = 0;
      for (const waiter of waiters) {
        looked += 1;
        if (looked % WAITERS_A_TURN === 0) await endOfTurn();
        const answer = answerTo(upstream.list, waiter.want, finding);
        if (answer !== undefined) settle(waiter, { answer, readAtMs }, false);
      }
      if (!read.isOverdue) timer.refresh();
      pages += 1;
      if (want.kind === 'all') pagesOfAll = finding.kind === 'all' ? pages : Math.max(pagesOfAll, pages + 1);
      if (waiters.size === 0) return;
    }
  }

  /** It may answer those too who wait for an older one. */
  function succeed({ number, isOutdated }: SharedRead<T>): void {
    health.wentWell(number);
    if (!isOutdated) for (const { waiters } of reads) for (const waiter of waiters) reuse(waiter);
  }

  function fail({ number, payer, waiters, gone, ...read }: SharedRead<T>, error: unknown): void {
    if (gone.signal.aborted) return; // nobody waits for it
    const code = error instanceof CertwayError ? error.code : undefined;
    const isNoAnswer = NO_ANSWER.includes(code) && !isAboutRequest(error as CertwayError);
    // Its payer's client has too many calls that wait: that says nothing of AWS, nor of the calls of others.
    const isSpared = code === 'THROTTLED' && !(error as CertwayError).aws;
    if (isNoAnswer && !isSpared) health.wentWrong(number);
    else if (code && code !== 'TOO_MANY_UPSTREAM_CALLS' && !NO_ANSWER.includes(code)) health.wentWell(number); // AWS did answer
    const isTooLarge = code === 'COLLECTION_TOO_LARGE';
    const isAll = read.maxPages === maxPages;
    if (isTooLarge && isAll) pagesOfAll = Number.POSITIVE_INFINITY;
    for (const waiter of waiters) {
      const isForOthers =
        (isTooLarge && (waiter.want.kind !== 'all' || !isAll)) ||
        ((code === 'TOO_MANY_UPSTREAM_CALLS' || isSpared) && waiter.calls !== payer);
      if (isForOthers) admit(waiter);
      else if (!isNoAnswer || !serveStale(waiter)) waiter.fail(error);
    }
  }

  /** The read goes on behind those who are served what there is. What AWS has not been asked yet, others may wait for too. */
  function overdue(read: SharedRead<T>, timer: NodeJS.Timeout): void {
    if (read.sentAtMs === undefined) timer.refresh();
    else read.isOverdue = true;
    health.wentWrong(read.number);
    const inNeed = Array.from(read.waiters).filter(({ want }) => recall(want, staleMs));
    if (inNeed.length > 0)
      waitFor<T>(read.want, background(begin()), (waiter) => join(read, waiter)).catch(() => undefined);
    for (const waiter of inNeed) serveStale(waiter);
    queue.schedule();
  }

  function serveStale(waiter: Waiter<T>): boolean {
    const isServed = settle(waiter, recall(waiter.want, staleMs), true);
    if (isServed) retryWhileUnwell(waiter.want);
    return isServed;
  }

  /** So that what is fresh again is known before anyone asks. */
  function retryWhileUnwell(want: Want): void {
    health.whileUnwell(() => {
      if (!recall(want, staleMs)) return false;
      waitFor<T>(want, background(begin()), admit).catch(() => undefined);
      return true;
    });
  }

  async function ask(want: Want, calls: AwsCalls): Promise<Answer<T>> {
    const fresh = peek(want, calls);
    const answer = fresh === undefined ? peekStale(want, calls) : fresh;
    if (answer !== undefined) return answer;
    if (want.kind !== 'page' || isKnownPosition(want) || pagesOfAll > maxPages)
      return waitFor(want, calls, admit);
    if (want.onlyAws) throw lostCursor(); // nothing of it is in all of the collection
    return ask({ kind: 'all' }, calls).catch((error) => {
      if (!(error instanceof CertwayError) || error.code !== 'COLLECTION_TOO_LARGE') throw error;
      return waitFor(want, calls, admit);
    });
  }

  return {
    peek: peek as Peek<T>,
    ask: ask as Ask<T>,
    forget: () => {
      writes += 1;
      known.forget();
      for (const read of reads) read.isOutdated = read.sentAtMs !== undefined;
      queue.schedule(); // who waits for the end of those need not any more
    },
    begin,
    isStillFresh: (use) => use.writes === writes && use.staleMs === 0 && elapsedMs() - use.readAtMs < ttlMs,
  };
}
