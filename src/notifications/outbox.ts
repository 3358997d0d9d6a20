import type { Logger } from 'pino';
import type { Clock } from '../time/clock.ts';
import { nextPauseMs } from './backoff.ts';
import type { Due } from './due.ts';
import type { MarksIn } from './marks.ts';
import { messageOf, nextOf } from './messages.ts';
import { DeliveryError, type Sink } from './sink.ts';
import { type Waiting, waitingOf } from './waiting.ts';

/** What is told of the sending. */
export type NoticeWatcher = {
  /** `waiting` says how many notices wait for the sink, until what is returned is called. */
  watch(sink: string, waiting: () => number): () => void;
  sent(sink: string, count: number): void;
  failed(sink: string): void;
};

/** What waits to be sent to one sink. */
export type Outbox = {
  sink: Sink;
  /** Replaces what waits of an account and region. What was sent does not wait. */
  update(due: Due): Promise<void>;
  /** What would wait after an update, which changes nothing. */
  preview(due: Due): Promise<Waiting[]>;
  /** Sends until nothing waits any more, or the signal is aborted: then what is being sent is ended first. */
  send(): Promise<void>;
  waiting(): Waiting[];
  /** Nothing waits any more. Resolves once what is being sent is ended. */
  end(): Promise<void>;
};

export type OutboxOptions = {
  sink: Sink;
  marksIn: (place: string) => MarksIn;
  watcher: NoticeWatcher;
  log: Pick<Logger, 'info' | 'warn'>;
  signal: AbortSignal;
  /** Nothing is sent before it resolves. */
  after: Promise<unknown>;
  clock: Pick<Clock, 'wait'>;
};

/** How long to wait for another process that is sending. */
const BUSY_MS = 5000;

export function createOutbox({ sink, marksIn, watcher, log, clock, ...options }: OutboxOptions): Outbox {
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const pending = new Map<string, Waiting>();
  let failures = 0;
  let sending: Promise<void> | undefined;
  const unwatch = watcher.watch(sink.name, () => pending.size);

  const lookAt = async (due: Due) => waitingOf(sink, due, await marksIn(due.place).sent());

  async function update(due: Due): Promise<void> {
    const { place } = due;
    const { waiting: all, over } = await lookAt(due);
    if (over.length > 0) await marksIn(place).remove(over);
    if (ending.signal.aborted) return;
    const ids = new Set(all.map(({ id }) => id));
    for (const [id, waiting] of pending) if (waiting.place === place && !ids.has(id)) pending.delete(id);
    for (const waiting of all) pending.set(waiting.id, waiting);
  }

  /** Those that this process is to send. The others go to the end, or away. */
  async function claimed(waiting: Waiting[]): Promise<Waiting[]> {
    const mine: Waiting[] = [];
    for (const [place, those] of Map.groupBy(waiting, ({ place }) => place)) {
      const claims = await marksIn(place).claim(those.map(({ id }) => id));
      for (const one of those) {
        const claim = claims.get(one.id);
        if (claim === 'mine') mine.push(one);
        else if (claim === 'sent') pending.delete(one.id);
        else putLast(one);
      }
    }
    return mine;
  }

  function putLast(waiting: Waiting): void {
    if (pending.delete(waiting.id)) pending.set(waiting.id, waiting);
  }

  /** Only after the receiver has taken them, so that nothing is lost. */
  async function mark(sent: Waiting[]): Promise<void> {
    for (const [place, those] of Map.groupBy(sent, ({ place }) => place)) {
      const [about] = those.flatMap(({ notice, about }) => (notice ? [] : [about]));
      if (about === undefined) await marksIn(place).add(those);
      else {
        const known = await marksIn(place).sent();
        await marksIn(place).remove(Array.from(known.keys()).filter((id) => known.get(id) === about));
        await marksIn(place).release(those.map(({ id }) => id));
      }
    }
    for (const { id } of sent) pending.delete(id);
  }

  async function release(unsent: Waiting[]): Promise<void> {
    for (const [place, those] of Map.groupBy(unsent, ({ place }) => place))
      await marksIn(place).release(those.map(({ id }) => id));
    for (const waiting of unsent) putLast(waiting);
  }

  /** The pause after it, in milliseconds. */
  async function sendNext(): Promise<number> {
    // After a failure one alone, so that a receiver that takes no batch, or not one of its notices, gets the others.
    const most = failures > 0 ? 1 : sink.most;
    const mine = await claimed(nextOf(Array.from(pending.values()), most));
    if (mine.length === 0) return pending.size > 0 ? BUSY_MS : 0;
    try {
      await sink.send(messageOf(sink, mine));
    } catch (error) {
      failures += 1;
      watcher.failed(sink.name);
      const reason = error instanceof DeliveryError ? error.message : 'an unexpected error';
      log.warn({ sink: sink.name, notices: mine.length, reason, failures }, 'could not send notices');
      await release(mine);
      return nextPauseMs(failures, error);
    }
    failures = 0;
    await mark(mine);
    watcher.sent(sink.name, mine.length);
    log.info({ sink: sink.name, notices: mine.length, ids: mine.map(({ id }) => id) }, 'sent notices');
    return 0;
  }

  async function sendAll(): Promise<void> {
    try {
      await options.after;
      while (pending.size > 0 && !signal.aborted) {
        const pauseMs = await sendNext();
        if (pauseMs > 0 && pending.size > 0) await clock.wait(pauseMs, signal).catch(() => undefined);
      }
    } finally {
      sending = undefined;
    }
  }

  return {
    sink,
    update,
    preview: async (due) => (await lookAt(due)).waiting,
    send: async () => {
      sending ??= Promise.resolve().then(sendAll);
      return sending;
    },
    waiting: () => Array.from(pending.values()),
    end: async () => {
      ending.abort();
      pending.clear();
      unwatch();
      await sending;
    },
  };
}
