import type { MaybePromise } from '../maybe-promise.ts';
import type { Clock } from '../time/clock.ts';
import { createPatience, type Wait } from '../time/patience.ts';
import type { Keys } from './keys.ts';
import type { Redis } from './redis.ts';
import { evalArgs } from './script.ts';

/**
 * What the replicas tell each other of their writes. Each collection has an epoch, a random text that every write replaces: it
 * never comes again, not even from a Redis that has lost its memory.
 */
export type Changes = {
  /**
   * Resolves once `onChange` of every collection has run that any replica has written to before the call. All calls of a turn of the
   * event loop cost one command, and wait for as long as a request does. Where Redis does not answer, nothing is known of other
   * replicas.
   */
  catchUp(): MaybePromise<unknown>;
  /** The epoch in which the collection is read; undefined if it is not known, or a write could not be told yet. */
  epochOf(collection: string): string | undefined;
  /** Begins a new epoch. Resolves when all replicas see it, or `wait` ends, or Redis does not answer: then they are told when it does. */
  announce(collection: string, wait?: Wait): Promise<unknown>;
  /** `onChange` runs when another replica may have written. What must not be used any more is known when it returns. */
  watch(collection: string, onChange: () => MaybePromise<unknown>): void;
  /**
   * To be called with each new connection to Redis. What this process knew of changes does not count any more, and its own are told
   * again: that Redis may have answers from before them.
   */
  beginAgain(): Promise<unknown>;
};

export type ChangesOptions = {
  redis: Pick<Redis, 'ask' | 'isUp'>;
  keys: Keys;
  /** A new random text. */
  nonce: () => string;
  /** For how long an answer may be given. */
  keepMs: number;
  clock: Pick<Clock, 'elapsedMs' | 'later'>;
};

/** The epoch of the collections that have none of their own. */
const OTHERS = '*';

/**
 * Answers with the version, a text that changes with every epoch, and with all epochs unless it is the version that is known. Where any
 * of it was lost, all of them are new.
 */
const SEE = `
local version = redis.call('GET', KEYS[1])
if version == ARGV[1] then return {version, {}} end
if not version or redis.call('HEXISTS', KEYS[2], '${OTHERS}') == 0 then
  version = ARGV[2]
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], '${OTHERS}', version)
  redis.call('SET', KEYS[1], version)
end
return {version, redis.call('HGETALL', KEYS[2])}`;

/** Begins epochs: arguments are a new version, then collections with their epochs. Answers with the epochs before. */
const BEGIN = `
local before = {}
for i = 2, #ARGV, 2 do
  before[i / 2] = redis.call('HGET', KEYS[2], ARGV[i]) or redis.call('HGET', KEYS[2], '${OTHERS}') or ''
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
end
redis.call('SET', KEYS[1], ARGV[1])
return before`;

/** `epochs` is empty if the version was known. */
type State = { version: string; epochs: Map<string, string> };

export function createChanges({ redis, keys, nonce, keepMs, clock }: ChangesOptions): Changes {
  const version = keys.ofAll('version');
  const both = [version, keys.ofAll('epochs')] as const;
  const watchers = new Map<string, () => MaybePromise<unknown>>();
  /** The collections whose new epoch the other replicas may not know yet, with the one that they were told last. */
  const untold = new Map<string, string>();
  /** When this process has last changed a collection. */
  const changedAtMs = new Map<string, number>();
  let telling = 0;
  let epochs = new Map<string, string>();
  let seen = '';
  let thisTurn: Promise<unknown> | undefined;
  let running: Promise<unknown> | undefined;

  const epochIn = (all: Map<string, string>, collection: string) => all.get(collection) ?? all.get(OTHERS);

  const ask = async <R>(
    name: string,
    script: string,
    args: string[],
    read: (reply: unknown) => R,
    wait?: Wait,
  ) =>
    redis.ask(
      { name, key: version, keys: both, args: evalArgs(script, both, args), isUrgent: true },
      read,
      wait,
    );

  function runWatchers(changed: string[]): void {
    if (changed.length === 0) return;
    const all = changed.map(async (collection) => watchers.get(collection)?.());
    const done = Promise.allSettled([running, ...all]).then(() => {
      if (running === done) running = undefined;
    });
    running = done;
  }

  /** After a question at the end of the turn, so that it sees whatever was written before any of the calls. */
  async function look(isNew = false): Promise<void> {
    const atMs = clock.elapsedMs();
    if (untold.size > 0 && (isNew || telling === 0)) void tell();
    await ask('epoch', SEE, [seen, nonce()], (reply) => takeOver(stateOf(reply)));
    if (running) await createPatience(clock, clock.elapsedMs() - atMs).wait(running);
  }

  function takeOver(state: State): void {
    if (state.version === seen) return;
    const before = epochs;
    ({ epochs, version: seen } = state);
    const isChanged = (collection: string) => epochIn(before, collection) !== epochIn(epochs, collection);
    runWatchers([...watchers.keys()].filter(isChanged));
  }

  /**
   * Tells what the others do not know. If another replica has written meanwhile, its epoch was never seen here: what was read
   * between the two writes may be older than its. Each time by new epochs: one that was sent may have been taken though its answer was
   * lost, and be over since, but not forgotten.
   */
  async function tell(wait?: Wait): Promise<void> {
    for (const collection of untold.keys()) untold.set(collection, nonce());
    const told = [...untold];
    telling += 1;
    const args = [nonce(), ...told.flat()];
    const read = (reply: unknown) => noteTold(told, textsOf(reply));
    await ask('write', BEGIN, args, read, wait);
    telling -= 1;
  }

  function noteTold(told: [collection: string, epoch: string][], before: string[]): void {
    runWatchers(told.flatMap(([name], i) => (before[i] === epochIn(epochs, name) ? [] : [name])));
    for (const [collection, epoch] of told) {
      epochs.set(collection, epoch);
      if (untold.get(collection) === epoch) untold.delete(collection);
    }
  }

  function catchUp(): MaybePromise<unknown> {
    if (!redis.isUp()) return undefined;
    thisTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        thisTurn = undefined;
        resolve(look());
      });
    });
    return thisTurn;
  }

  return {
    catchUp,
    epochOf: (collection) => (untold.has(collection) ? undefined : epochIn(epochs, collection)),
    announce: async (collection, wait) => {
      changedAtMs.set(collection, clock.elapsedMs());
      untold.set(collection, '');
      return tell(wait);
    },
    watch: (collection, onChange) => watchers.set(collection, onChange),
    beginAgain: async () => {
      epochs = new Map();
      seen = '';
      for (const [collection, atMs] of changedAtMs)
        if (clock.elapsedMs() - atMs < keepMs) untold.set(collection, '');
      return look(true);
    },
  };
}

function textsOf(reply: unknown): string[] {
  if (!Array.isArray(reply) || !reply.every((text) => typeof text === 'string'))
    throw new Error('no texts in the answer');
  return reply;
}

function stateOf(reply: unknown): State {
  const [version, ...others] = Array.isArray(reply) ? reply : [];
  const pairs = textsOf(others[0]);
  const epochs = new Map(
    pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1] ?? ''] as const] : [])),
  );
  if (typeof version !== 'string' || (epochs.size > 0 && !epochs.has(OTHERS)))
    throw new Error('no epochs in the answer');
  return { version, epochs };
}
