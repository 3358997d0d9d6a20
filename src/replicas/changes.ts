import type { MaybePromise } from '../maybe-promise.ts';
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
   * event loop cost one GET. Where Redis does not answer, nothing is known of other replicas.
   */
  catchUp(): MaybePromise<undefined>;
  /** The epoch in which the collection is read; undefined if a write could not be told yet. */
  epochOf(collection: string): string | undefined;
  /** Begins a new epoch. Resolves when all replicas see it, or Redis does not answer: then they are told when it does. */
  announce(collection: string): Promise<void>;
  /** `onChange` runs when another replica has begun a new epoch. It tells whether that was handled; if not, it runs again. */
  watch(collection: string, onChange: () => MaybePromise<boolean>): void;
};

export type ChangesOptions = {
  redis: Pick<Redis, 'ask' | 'isUp'>;
  keys: Keys;
  /** A new random text. */
  nonce: () => string;
};

/** The epoch of the collections that have none of their own. */
const OTHERS = '*';

/** What there is to know: a text that changes with every epoch, and all epochs. Where any of it was lost, all of them are new. */
const STATE = `
local version = redis.call('GET', KEYS[1])
if not version or redis.call('HEXISTS', KEYS[2], '${OTHERS}') == 0 then
  version = ARGV[1]
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

type State = { version: string; epochs: Map<string, string> };

export function createChanges({ redis, keys, nonce }: ChangesOptions): Changes {
  const version = keys.ofAll('version');
  const both = [version, keys.ofAll('epochs')];
  const watchers = new Map<string, () => MaybePromise<boolean>>();
  /** The epochs that the other replicas do not know yet. */
  const untold = new Map<string, string>();
  /** Where another replica has begun an epoch, until that was handled. */
  const changed = new Set<string>();
  let epochs = new Map<string, string>();
  let seen: string | undefined;
  let thisTurn: Promise<undefined> | undefined;
  let renewing: { to: string | null; done: Promise<void> } | undefined;

  const epochIn = (all: Map<string, string>, collection: string) => all.get(collection) ?? all.get(OTHERS);

  /** After a GET at the end of the turn, so that it sees whatever was written before any of the calls. */
  async function look(): Promise<undefined> {
    if (untold.size > 0) await tell();
    const command = { name: 'epoch', key: version, args: ['GET', version], patience: 'first' } as const;
    const current = await redis.ask(command, textOrNull);
    if (current === undefined || (current !== null && current === seen)) return undefined;
    if (!renewing || renewing.to !== current) renewing = { to: current, done: renew() };
    await renewing.done;
    return undefined;
  }

  async function renew(): Promise<void> {
    const args = evalArgs(STATE, both, [nonce()]);
    const state = await redis.ask({ name: 'epochs', key: version, args, patience: 'rest' }, stateOf);
    if (state) {
      for (const collection of watchers.keys())
        if (epochIn(epochs, collection) !== epochIn(state.epochs, collection)) changed.add(collection);
      epochs = state.epochs;
      await tellWatchers();
      if (changed.size === 0) seen = state.version;
    }
    renewing = undefined;
  }

  async function tellWatchers(): Promise<void> {
    for (const collection of [...changed]) {
      changed.delete(collection); // another replica may change it again meanwhile
      if ((await watchers.get(collection)?.()) === false) changed.add(collection);
    }
  }

  /**
   * Tells what the others do not know. If another replica has written meanwhile, its epoch was never seen here: what was read
   * between the two writes may be older than its.
   */
  async function tell(): Promise<void> {
    const told = [...untold];
    const args = evalArgs(BEGIN, both, [nonce(), ...told.flat()]);
    const before = await redis.ask({ name: 'write', key: version, args, patience: 'rest' }, textsOf);
    if (!before) return;
    for (const [i, [collection, epoch]] of told.entries()) {
      if (before[i] !== epochIn(epochs, collection)) changed.add(collection);
      epochs.set(collection, epoch);
      if (untold.get(collection) === epoch) untold.delete(collection);
    }
    await tellWatchers();
  }

  return {
    catchUp: () => {
      if (!redis.isUp()) return undefined;
      thisTurn ??= new Promise((resolve) => {
        setImmediate(() => {
          thisTurn = undefined;
          resolve(look());
        });
      });
      return thisTurn;
    },
    epochOf: (collection) => (untold.has(collection) ? undefined : epochIn(epochs, collection)),
    announce: async (collection) => {
      untold.set(collection, nonce());
      await tell();
    },
    watch: (collection, onChange) => watchers.set(collection, onChange),
  };
}

function textOrNull(reply: unknown): string | null {
  if (reply !== null && typeof reply !== 'string') throw new Error('no text in the answer');
  return reply;
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
  if (typeof version !== 'string' || !epochs.has(OTHERS)) throw new Error('no epochs in the answer');
  return { version, epochs };
}
