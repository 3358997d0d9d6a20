import type { Logger } from 'pino';
import { afterTurn, type Clock, within } from '../time/clock.ts';
import { PATIENCE_MS, type Wait } from '../time/patience.ts';
import { nowMsOf, probeOf, type RedisTime } from './probe.ts';
import { sizeOf } from './reply-size.ts';

/** A command with its arguments. Its `key` tells where it is in a cluster, and its `name` what it is in metrics. */
export type Command = {
  name: string;
  key: string;
  args: readonly string[];
  /** The keys of `args`, where it has several. */
  keys?: readonly string[];
  /** Whether a request waits for it, so that Redis counts as failed if it takes 45 ms. */
  isUrgent?: boolean;
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
   * What `read` makes of the answer; undefined if `wait` ends before it comes, though it is read all the same. If it is an error, if
   * `read` throws, or if it does not come at all, Redis is not asked any more, and this is undefined at once, until it has accepted a
   * write. Answers are read in the order of the commands.
   */
  ask<R>(command: Command, read: (reply: unknown) => R, wait?: Wait): Promise<R | undefined>;
  isUp(): boolean;
  /** Why it is not; undefined if it is. */
  whyDown(): string | undefined;
  /** Connects anew, as to another address; the connection so far serves until then. */
  renew(): void;
  /** The number of the connection, and the time when it was opened. Another one may lead to a server that knows something else. */
  opened(): RedisTime & { number: number };
  close(): void;
};

export type RedisOptions = {
  /** Begins to connect. `onError` is called if the connection breaks. */
  connect: (onError: (error: unknown) => void) => Promise<Connection>;
  /** The key of the probes. */
  probe: string;
  /** Called when Redis answers again, or for the first time. */
  onUp: () => void;
  log: Logger;
  watcher: RedisWatcher;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
  /** A number from 0 to 1, by which the replicas do not all come back at the same moment. */
  random: () => number;
};

/** So long a command may take for which no request waits, and which may have a megabyte to carry. */
const BACKGROUND_MS = 1000;

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
  let opened = { number: 0, nowMs: 0, askedAtMs: 0 };
  let isToldUp: boolean | undefined;
  let failure: unknown;
  let isClosed = false;
  let isFailureTold = false; // of the address that the connection so far does not have
  let attempt = 0; // of opening; only the newest counts
  let cancelOpening = () => {};

  function tell(isUp: boolean, error?: unknown): void {
    watcher.up(isUp);
    failure = error;
    if (isToldUp === isUp || isClosed) return;
    isToldUp = isUp;
    if (isUp) log.info('Redis answers: the replicas share their reads');
    else log.warn({ reason: String(error) }, 'Redis does not answer: each replica reads for itself');
  }

  async function send(to: Connection, command: Command): Promise<unknown> {
    watcher.bytes('sent', sizeOf(command.args));
    const ms = command.isUrgent ? PATIENCE_MS : BACKGROUND_MS;
    const reply = await within(ms, inTime, tooLate, () => to.send(command));
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
      if (isOfWrongType(error)) void drop(asked, command);
      else fail(asked, error);
      return undefined;
    }
  }

  /** Makes room where something is in the way that no replica has written. */
  async function drop(from: Connection, { name, key, keys = [key] }: Command): Promise<void> {
    const command = { name, key, args: ['DEL', ...keys] };
    await send(from, command).catch((error) => fail(from, error));
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
    let begun: Connection | undefined;
    try {
      const next = await connect((error) => fail(next, error));
      begun = next;
      await within(CONNECT_MS, { later }, tooLate, () => next.ready);
      const askedAtMs = elapsedMs();
      const nowMs = nowMsOf(await send(next, probeOf(probe)));
      if (isClosed || attempt !== current) return next.destroy();
      cancelOpening();
      connection?.destroy();
      connection = next;
      opened = { number: opened.number + 1, nowMs, askedAtMs };
      tell(true);
      onUp();
    } catch (error) {
      begun?.destroy();
      if (attempt !== current) return;
      if (!connection) tell(false, error);
      else if (!isFailureTold)
        log.warn({ reason: String(error) }, 'Redis does not answer at the new address: the old one stays');
      isFailureTold = true;
      openLater();
    }
  }

  function openLater(): void {
    cancelOpening();
    if (!isClosed) cancelOpening = later(open, PAUSE_MS * (1 + random()));
  }

  await open();
  return {
    ask: async (command, read, wait) => {
      if (!connection) return undefined;
      const answer = answerOf(connection, command, read);
      return wait ? wait(answer, () => watcher.called(command.name, 'late')) : answer;
    },
    isUp: () => connection !== undefined,
    whyDown: () => (connection ? undefined : String(failure)),
    renew: () => {
      isFailureTold = false;
      cancelOpening();
      void open();
    },
    opened: () => opened,
    close: () => {
      isClosed = true;
      cancelOpening();
      connection?.destroy();
      connection = undefined;
    },
  };
}

const tooLate = () => new Error('no answer in time');

/** https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors; a script has it within its own error. */
const isOfWrongType = (error: unknown) => error instanceof Error && error.message.includes('WRONGTYPE');
