import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { AwsCalls, Send } from '../aws/calls.ts';
import type { Stamp } from '../aws/stamps.ts';
import { CertwayError } from '../errors/errors.ts';
import type { Patience } from '../time/patience.ts';
import type { AmongReplicas } from './among-replicas.ts';
import type { Deadline } from './deadline.ts';
import type { GatheredRead } from './gather.ts';
import { isSpared } from './health.ts';
import type { Memory } from './memory.ts';
import type { Answered, AnswerTo, SmallAnswered, SmallQuestion } from './question.ts';
import { answersTo, askOnce, type Source } from './source.ts';
import type { Look, Waiter } from './waiter.ts';

/** An answer of AWS with its stamp. */
export type Arrived<T> = { answered: Answered<T>; stamp: Stamp };

/** An AWS read in flight, and those who wait for it. */
export type InFlightRead<T> = Pick<GatheredRead<Waiter<T>>, 'question' | 'maxPages'> & {
  /** Later reads have higher numbers. */
  number: number;
  waiters: ReadonlySet<Waiter<T>>;
  /** Whether others may join: it is in time, someone waits for it, and no write has overtaken it. */
  isOpen(): boolean;
  /** Whether nobody waits for it but reads ahead of time. */
  isAhead(): boolean;
  /** Whether it is open, and as urgent as one of its own: nobody joins a read ahead that has not been sent yet. */
  mayBeJoined(): boolean;
  /** Whether nobody waits for it any more, so that its calls are aborted. */
  isAbandoned(): boolean;
  join(waiter: Waiter<T>): void;
  /** Notes that the deadline has passed. Until AWS was asked, the deadline is extended instead. */
  beLate(): void;
  /**
   * Yields each answer of AWS, and then answers those who wait for it. Ends when everyone is answered. Each answer extends
   * the deadline.
   */
  run(): AsyncGenerator<Arrived<T>, void>;
};

export type InFlightOptions<T> = {
  source: Source<T>;
  answerTo: AnswerTo<T>;
  memory: Pick<Memory<T>, 'stamp' | 'isOfThisEpoch' | 'remember'>;
  /** Undefined if this process is the only one. */
  amongReplicas: AmongReplicas<T> | undefined;
  deadline: Deadline;
  number: number;
};

/** One for all: an `AbortController` would make an error with its stack for each read that has ended. */
const NOBODY_WAITS = new Error('nobody waits for the answer any more');

/** This many are answered in a millisecond or two. One operation can have thousands. */
const WAITERS_A_TURN = 500;

/**
 * One of those who wait, the owner, makes the calls. If it may make no more, it fails, and another one continues the read.
 */
export function createInFlightRead<T>(
  { question, maxPages, waiters: first }: GatheredRead<Waiter<T>>,
  { source, answerTo, memory, amongReplicas, deadline, number }: InFlightOptions<T>,
): InFlightRead<T> {
  const waiters = new Set<Waiter<T>>();
  const gone = new AbortController();
  let owner = ownerAmong(first);
  /** Since when nobody joins who comes after a write. */
  let stamp: Stamp | undefined;
  /** When AWS was asked for the oldest of what replicas have told. */
  let toldAtMs = Number.POSITIVE_INFINITY;
  let isSent = false;
  let isLate = false;

  function join(waiter: Waiter<T>): void {
    if (waiter.calls !== owner.calls) waiter.calls.use.joined += 1;
    waiters.add(waiter);
    waiter.onEnd = () => {
      waiters.delete(waiter);
      if (waiters.size === 0) gone.abort(NOBODY_WAITS);
    };
  }

  function onSent(): void {
    if (isSent) return;
    isSent = true;
    deadline.putOff();
    const sent = memory.stamp();
    stamp = { ...sent, epoch: stamp?.epoch ?? sent.epoch, readAtMs: Math.min(sent.readAtMs, toldAtMs) };
  }

  const sendBy =
    (calls: AwsCalls, onHeld?: () => void): Send =>
    (command) =>
      calls.read(command, gone.signal, onSent, onHeld);

  async function askAws(asked: SmallQuestion, onHeld?: () => void): Promise<SmallAnswered<T>> {
    for (;;) {
      const { calls, inContext } = owner;
      try {
        return await inContext(() => askOnce(source, asked, sendBy(calls, onHeld)));
      } catch (error) {
        const others = Array.from(waiters).filter((other) => other.calls !== calls && hasCallsLeft(other));
        if (!isOfOwner(error) || others.length === 0) throw error;
        for (const waiter of waiters) if (waiter.calls === calls) waiter.fail(error);
        owner = ownerAmong(others);
      }
    }
  }

  /** Whatever replicas tell is as of the moment when they are asked, at the latest. */
  async function askReplicas(among: AmongReplicas<T>, asked: SmallQuestion): Promise<SmallAnswered<T>> {
    stamp ??= memory.stamp();
    const current = stamp;
    const readAt = (readAtMs: number) => ({ ...current, readAtMs: Math.min(current.readAtMs, readAtMs) });
    const { answered, readAtMs } = await among(asked, {
      ask: (onHeld) => askAws(asked, onHeld),
      patiences: () => patiencesOf(waiters),
      signal: gone.signal,
      isUrgent: () => waiters.values().some(({ calls }) => calls.repeats),
      isAhead,
      onOld: (old, readAtMs) => memory.remember(old, readAt(readAtMs)),
    });
    if (readAtMs === undefined) return answered;
    owner.calls.use.reused += 1;
    toldAtMs = Math.min(toldAtMs, readAtMs);
    if (readAtMs < stamp.readAtMs) stamp = readAt(readAtMs);
    return answered;
  }

  const ask = (asked: SmallQuestion) => (amongReplicas ? askReplicas(amongReplicas, asked) : askAws(asked));

  async function answerAll({ answered, stamp }: Arrived<T>): Promise<void> {
    const look: Look<T> = (question) => {
      const answer = answerTo(question, answered);
      return answer === undefined ? undefined : { answer, stamp };
    };
    let looked = 0;
    for (const waiter of waiters) {
      looked += 1;
      if (looked % WAITERS_A_TURN === 0) await endOfTurn();
      waiter.answer(look);
    }
  }

  async function* run(): AsyncGenerator<Arrived<T>, void> {
    try {
      for await (const answered of answersTo(source.list, question, ask, maxPages)) {
        const arrived = { answered, stamp: stamp ?? memory.stamp() };
        yield arrived;
        await answerAll(arrived);
        if (waiters.size === 0) return;
        if (!isLate) deadline.putOff();
      }
    } finally {
      deadline.stop();
    }
  }

  const isAhead = () => waiters.values().every(({ isAhead }) => isAhead);
  const isOpen = () => !isLate && !gone.signal.aborted && (!stamp || memory.isOfThisEpoch(stamp));

  for (const waiter of first) join(waiter);
  return {
    question,
    maxPages,
    number,
    waiters,
    isOpen,
    isAhead,
    mayBeJoined: () => isOpen() && (isSent || !isAhead()),
    isAbandoned: () => gone.signal.aborted,
    join,
    beLate: () => {
      if (isSent) isLate = true;
      else deadline.putOff();
    },
    run,
  };
}

const patiencesOf = <T>(waiters: ReadonlySet<Waiter<T>>): Patience[] => [
  ...new Set(Array.from(waiters).flatMap(({ calls }) => calls.use.patience ?? [])),
];

const hasCallsLeft = <T>({ calls }: Waiter<T>) => calls.hasCallsLeft();

const rankOf = <T>({ calls }: Waiter<T>) => (calls.hasCallsLeft() ? 2 : 0) + (calls.repeats ? 1 : 0);

/** Prefers one that has calls left and repeats failed calls. One without calls left fails with its first call. */
const ownerAmong = <T>(waiters: readonly Waiter<T>[]): Waiter<T> =>
  waiters.reduce((owner, other) => (rankOf(other) > rankOf(owner) ? other : owner));

/** Whether an error concerns the owner alone. */
const isOfOwner = (error: unknown) =>
  isSpared(error) || (error instanceof CertwayError && error.code === 'TOO_MANY_UPSTREAM_CALLS');
