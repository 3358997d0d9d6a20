import { LRUCache } from 'lru-cache';
import { UpstreamError } from '../errors/errors.ts';
import type { AnswerStore, Taken } from '../replicas/answer-store.ts';
import type { Changes } from '../replicas/changes.ts';
import { digestOf } from '../replicas/keys.ts';
import { type Patience, waitingWith } from '../time/patience.ts';
import { isNoAnswer, isSpared } from './health.ts';
import type { SharedReadsOptions } from './interface.ts';
import { keyOf, type SmallAnswered, type SmallQuestion } from './question.ts';
import type { Source } from './source.ts';
import { answeredOf, textOf } from './texts.ts';

/** An answer, and when AWS was asked for it, by the clock of this process; undefined if it was asked here. */
export type Given<T> = { answered: SmallAnswered<T>; readAtMs: number | undefined };

export type AskOptions<T> = {
  /** Asks AWS. `onHeld` is called if the call has to wait until it may be made. */
  ask: (onHeld?: () => void) => Promise<SmallAnswered<T>>;
  /** How long those who wait still wait for Redis. */
  patiences: () => Patience[];
  /** Aborted when nobody waits any more. */
  signal: AbortSignal;
  /** Whether it is an operation that waits, not only a retry in the background. */
  isUrgent: () => boolean;
  /** Whether nobody waits but reads ahead of time, for which an answer has to be new. */
  isAhead: () => boolean;
  /** Called with what the replicas knew, which is too old to be the answer. */
  onOld: (old: SmallAnswered<T>, readAtMs: number) => void;
};

/** Answers small questions as all replicas together would: by what one of them knows, or is asking AWS for at the moment. */
export type AmongReplicas<T> = (question: SmallQuestion, options: AskOptions<T>) => Promise<Given<T>>;

export type AmongReplicasOptions<T> = Pick<Source<T>, 'collection' | 'codec'> &
  Pick<SharedReadsOptions<T>, 'ttlMs' | 'staleMs' | 'elapsedMs' | 'later'> & {
    store: AnswerStore;
    changes: Pick<Changes, 'epochOf'>;
    slowMs: number;
  };

/** Pauses between the questions whether another replica has an answer, which usually takes it about 50 ms. */
const PAUSES_MS = [5, 10];
const LONGEST_PAUSE_MS = 20;

/** After a failure of AWS, the replicas do not wait for each other for so long, and none but one tries again. */
const FAILED_MS = 500;

/** Up to this part of the TTL an answer is new. Reads ahead begin later, by the clock of each replica. */
const NEW = 0.8;

/** A longer text is not shared: it would keep Redis from other answers for too long. 500 certificates with few tags have one of 1 MB. */
const MAX_TEXT = 2 * 1024 * 1024;

/** The items of the answers whose texts need not be sent again. */
const MAX_ITEMS = 10_000;

type Held<T> = { hash: string; answered: SmallAnswered<T> };

export function createAmongReplicas<T>(options: AmongReplicasOptions<T>): AmongReplicas<T> {
  const { collection, codec, store, changes, ttlMs, staleMs, slowMs, elapsedMs, later } = options;
  const keepMs = Math.max(ttlMs, staleMs);
  /** Another replica takes over before those who wait here find the read too slow. */
  const leaseMs = Math.ceil(0.8 * slowMs);
  const held = new LRUCache<string, Held<T>>({
    maxSize: MAX_ITEMS,
    sizeCalculation: ({ answered }) => (answered.kind === 'page' ? 1 + answered.answer.items.length : 1),
  });

  const pause = (ms: number) => new Promise<void>((resolve) => later(resolve, ms));

  /** The answer that Redis has, which is held from then on; undefined if there is none that can be read. */
  async function hold(
    question: SmallQuestion,
    known: Held<T> | undefined,
    { hash, text }: Taken,
  ): Promise<Held<T> | undefined> {
    if (hash === '') return undefined;
    if (hash === known?.hash) return known;
    const read = await codec.reader();
    const answered = readable(() => answeredOf(read, question, text));
    if (!answered) return undefined;
    held.set(keyOf(question), { hash, answered });
    return { hash, answered };
  }

  async function lead(
    name: string,
    question: SmallQuestion,
    taken: Taken,
    { ask, signal }: AskOptions<T>,
  ): Promise<Given<T>> {
    const holdNobodyUp = () => void store.release(name, taken.at, 0);
    const answered = await ask(holdNobodyUp).catch((error) => {
      const isFailure = isNoAnswer(error) && !isSpared(error) && !signal.aborted;
      void store.release(name, taken.at, isFailure ? FAILED_MS : 0);
      throw error;
    });
    setImmediate(() => publish(name, question, taken, answered).catch(holdNobodyUp)); // after those who wait here have their answer
    return { answered, readAtMs: undefined };
  }

  async function publish(
    name: string,
    question: SmallQuestion,
    { at, hash: stored }: Taken,
    answered: SmallAnswered<T>,
  ): Promise<void> {
    const text = textOf(codec, answered);
    if (text.length > MAX_TEXT) return store.release(name, at, FAILED_MS);
    const hash = digestOf(text);
    held.set(keyOf(question), { hash, answered });
    await store.put(name, { at, hash, text, keepMs, isStored: hash === stored });
  }

  return async (question, options) => {
    let awaited = { name: '', at: '' };
    for (let turn = 0; ; turn += 1) {
      const current = changes.epochOf(collection);
      const name = `${current}:${keyOf(question)}`;
      if (awaited.name !== name) awaited = { name, at: '' };
      const askedAtMs = elapsedMs();
      const known = held.get(keyOf(question));
      const patiences = options.patiences();
      const isAsked = current !== undefined && patiences.every((patience) => patience.leftMs() > 0);
      const given = {
        leaseMs,
        failedMs: FAILED_MS,
        known: known?.hash ?? '',
        awaited: awaited.at,
        maxAgeMs: options.isAhead() ? NEW * ttlMs : ttlMs,
        wait: waitingWith(patiences, later, isBusy),
      };
      const taken = isAsked ? await store.take(name, given) : undefined;
      if (!taken) return { answered: await options.ask(), readAtMs: undefined };
      const readAtMs = askedAtMs - taken.ageMs;
      const found = await hold(question, known, taken);
      if (found && taken.how === 'fresh') return { answered: found.answered, readAtMs };
      if (!found && taken.hash !== '') void store.drop(name);
      if (found && taken.ageMs >= 0 && turn === 0) options.onOld(found.answered, readAtMs);
      if (taken.how === 'alone' && !options.isUrgent()) throw hasJustFailed();
      if (taken.how !== 'busy') return lead(name, question, taken, options);
      if (awaited.at === '') awaited = { name, at: taken.at };
      await pause(PAUSES_MS[turn] ?? LONGEST_PAUSE_MS);
      options.signal.throwIfAborted();
    }
  };
}

/** While another replica asks AWS, Redis costs no time: without it, this one would ask AWS. */
const isBusy = (taken: unknown) => taken instanceof Object && 'how' in taken && taken.how === 'busy';

/** One replica is enough to find out when AWS works again. This one has not asked, and so does not know how AWS is. */
const hasJustFailed = () => new UpstreamError('THROTTLED', 'AWS has just failed to answer another replica.');

/** Undefined if `read` throws: the text is none of this release. */
function readable<R>(read: () => R): R | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
