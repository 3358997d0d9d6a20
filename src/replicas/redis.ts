import type { Logger } from 'pino';
import { type Clock, within } from '../clock.ts';
import { afterTurn } from './after-turn.ts';
import { sizeOf } from './reply-size.ts';

/** A command with its arguments. Its `key` tells where it is in a cluster, and its `name` what it is in metrics. */
export type Command = {
  name: string;
  key: string;
  args: readonly string[];
  /**
   * How much of its 50 ms a request spends on waiting for it: all, if it is the `first` one; what a first one usually leaves, all of
   * that (`rest`) or half of it (`half`). Otherwise nobody waits.
   */
  patience?: 'first' | 'rest' | 'half';
};

/** A connection to Redis, which is given up after its first failure. */
export type Connection = {
  /** Resolves once commands can be sent. */
  ready: Promise<unknown>;
  send(command: Command): Promise<unknown>;
  destroy(): void;
};

/** What is told of the use of Redis. */
export type RedisWatcher = {
  up(isUp: boolean): void;
  /** `late`: a request has not waited for the answer. */
  called(name: string, outcome: 'ok' | 'failed' | 'late'): void;
  bytes(direction: 'sent' | 'received', count: number): void;
  /** What Redis knew about a question to AWS. */
  read(outcome: 'fresh' | 'lease' | 'busy' | 'alone'): void;
};

/** Redis, as far as it answers. Nothing of it rejects. */
export type Redis = {
  /**
   * What `read` makes of the answer; undefined if it has not come by the time that its `patience` allows. If it is an error, if `read`
   * throws, or if it does not come at all, Redis is not asked any more, and this is undefined at once, until it has
   * accepted a write.
   */
  ask<R>(command: Command, read: (reply: unknown) => R): Promise<R | undefined>;
  isUp(): boolean;
  /** Connects anew, as to another address; the connection so far serves until then. */
  renew(): void;
  close(): void;
};

export type RedisOptions = {
  /** Begins to connect. `onError` is called if the connection breaks. */
  connect: (onError: (error: unknown) => void) => Promise<Connection>;
  /** A write, by which is known whether Redis accepts any. */
  probe: Command;
  /** Called when Redis answers again, or for the first time. */
  onUp: () => void;
  log: Logger;
  watcher: RedisWatcher;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
  /** A number from 0 to 1, by which the replicas do not all come back at the same moment. */
  random: () => number;
};

/** So long a request waits for Redis, which usually takes a fiftieth of this. */
const DEADLINE_MS = 50;

/** The same for what no request waits for. */
const BACKGROUND_MS = 1000;

/** One slow answer counts as a fourth of what is usual: it may be the process that was slow. */
const WEIGHT = 4;

/** How long a connection may take until commands can be sent. No request waits for it. */
const CONNECT_MS = 3000;

/** After a failure Redis is left alone for this long, and for up to as long again. */
const PAUSE_MS = 1000;

/** Resolves after the first attempt to connect, whatever came of it. */
export async function createRedis(options: RedisOptions): Promise<Redis> {
  const { connect, probe, onUp, log, watcher, random } = options;
  const { elapsedMs, later } = options.clock;
  const inTime = { later: afterTurn(later) };
  let connection: Connection | undefined;
  let firstTakesMs = 0;
  let isToldUp: boolean | undefined;
  let isClosed = false;
  let attempt = 0; // of opening; only the newest counts
  let cancelOpening = () => {};

  function tell(isUp: boolean, error?: unknown): void {
    watcher.up(isUp);
    if (isToldUp === isUp || isClosed) return;
    isToldUp = isUp;
    if (isUp) log.info('Redis answers: the replicas share their reads');
    else log.warn({ reason: String(error) }, 'Redis does not answer: each replica reads for itself');
  }

  async function send(to: Connection, command: Command): Promise<unknown> {
    watcher.bytes('sent', sizeOf(command.args));
    const ms = command.patience ? DEADLINE_MS : BACKGROUND_MS;
    const askedAtMs = elapsedMs();
    const reply = await within(ms, inTime, tooLate, () => to.send(command));
    if (command.patience === 'first')
      firstTakesMs += (Math.min(DEADLINE_MS, elapsedMs() - askedAtMs) - firstTakesMs) / WEIGHT;
    watcher.bytes('received', sizeOf(reply));
    return reply;
  }

  async function answerOf<R>(
    asked: Connection,
    command: Command,
    read: (reply: unknown) => R,
  ): Promise<R | undefined> {
    try {
      const answer = read(await send(asked, command));
      watcher.called(command.name, 'ok');
      return answer;
    } catch (error) {
      watcher.called(command.name, 'failed');
      fail(asked, error);
      return undefined;
    }
  }

  /** The answer, unless it takes longer. Then it still counts for whether Redis answers. */
  async function upTo<R>(ms: number, name: string, answer: Promise<R | undefined>): Promise<R | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const cancel = inTime.later(() => {
      watcher.called(name, 'late');
      resolve(undefined);
    }, ms);
    return Promise.race([answer, promise]).finally(cancel);
  }

  function fail(failed: Connection, error: unknown): void {
    if (connection !== failed) return;
    connection = undefined;
    failed.destroy();
    tell(false, error);
    openLater();
  }

  async function open(): Promise<void> {
    attempt += 1;
    const current = attempt;
    let opened: Connection | undefined;
    try {
      const next = await connect((error) => fail(next, error));
      opened = next;
      await within(CONNECT_MS, { later }, tooLate, () => next.ready);
      await send(next, probe);
      if (isClosed || attempt !== current) return next.destroy();
      connection?.destroy();
      connection = next;
      tell(true);
      onUp();
    } catch (error) {
      opened?.destroy();
      if (attempt !== current) return;
      if (!connection) tell(false, error);
      openLater();
    }
  }

  function openLater(): void {
    if (!isClosed) cancelOpening = later(open, PAUSE_MS * (1 + random()));
  }

  await open();
  return {
    ask: async (command, read) => {
      if (!connection) return undefined;
      const answer = answerOf(connection, command, read);
      const restMs = DEADLINE_MS - firstTakesMs;
      if (command.patience === 'rest') return upTo(restMs, command.name, answer);
      return command.patience === 'half' ? upTo(restMs / 2, command.name, answer) : answer;
    },
    isUp: () => connection !== undefined,
    renew: () => {
      cancelOpening();
      void open();
    },
    close: () => {
      isClosed = true;
      cancelOpening();
      connection?.destroy();
      connection = undefined;
    },
  };
}

const tooLate = () => new Error('no answer in time');
