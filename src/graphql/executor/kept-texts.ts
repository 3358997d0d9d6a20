import { type Write, writeAll } from './write.ts';
import { WrittenText } from './written-text.ts';

/** The time of an answer, and until when what was told of it is true, both in milliseconds since 1970. */
export type Moment = {
  readonly nowMs: number;
  readonly trueUntilMs: number;
  /** Takes down that something was told that is true until then. */
  isTrueUntil(ms: number): void;
};

export type KeptTextsOptions<C> = {
  momentOf: (context: C) => Moment;
  /** A context at the same time that tells of an item what depends on the item and the time alone. All else throws. */
  ofItself: (context: C) => C;
};

/** Writes an object by its fields, keeping what it writes. */
export type KeepTexts<C> = (writes: readonly Write<C>[]) => Write<C>;

/** What was written of an item, in pieces between the fields that depend on more, which are written each time. */
type Kept<C> = {
  pieces: readonly string[];
  isAscii: boolean;
  others: readonly Write<C>[];
  fromMs: number;
  untilMs: number;
};

/** All of them together. A certificate with all fields has about 1600 characters. */
const MAX_LENGTH = 8 * 1024 * 1024;

/** What an entry takes besides its texts, and the note that an item was seen, in characters. */
const ENTRY_LENGTH = 512;
const NOTE_LENGTH = 64;

/** Of an item that was seen once; of one whose fields all depend on more. */
type Note = 'seen' | 'nothing to keep';

type Texts<C> = WeakMap<object, Kept<C> | Note>;

/**
 * Keeps what is written of immutable items as long as it is true and the items live. When there is no room for more, everything is
 * forgotten: most of it is then about items that are gone.
 */
export function createKeptTexts<C>({ momentOf, ofItself }: KeptTextsOptions<C>): KeepTexts<C> {
  /** By the fields that are written. */
  let all = new WeakMap<readonly Write<C>[], Texts<C>>();
  let length = 0;

  function textsOf(writes: readonly Write<C>[]): Texts<C> {
    const known = all.get(writes);
    if (known) return known;
    const texts: Texts<C> = new WeakMap();
    all.set(writes, texts);
    return texts;
  }

  function make(writes: readonly Write<C>[], item: object, context: C): Kept<C> | Note {
    const own = ofItself(context);
    const pieces = [''];
    const others: Write<C>[] = [];
    let isAscii = true;
    for (const write of writes) {
      const text = ofItemAlone(write, item, own);
      if (text) {
        pieces.push(`${pieces.pop()}${text}`);
        isAscii &&= text.isAscii;
      } else {
        others.push(write);
        pieces.push('');
      }
    }
    if (others.length === writes.length) return 'nothing to keep';
    pieces.push(`${pieces.pop()}}`);
    for (const piece of pieces) flatten(piece);
    const { nowMs, trueUntilMs } = momentOf(own);
    return { pieces, isAscii, others, fromMs: nowMs, untilMs: trueUntilMs };
  }

  /** Something about an item that was never seen before is not kept, because many are never seen again. */
  function keptOf(writes: readonly Write<C>[], item: object, context: C): Kept<C> | Note {
    const texts = textsOf(writes);
    const known = texts.get(item);
    if (known === 'nothing to keep') return known;
    if (known && known !== 'seen' && isTrue(known, momentOf(context))) return known;
    const made = known ? make(writes, item, context) : 'seen';
    texts.set(item, made);
    length += lengthOf(made);
    if (length > MAX_LENGTH) {
      all = new WeakMap();
      length = 0;
    }
    return made;
  }

  return (writes) => (item, run) => {
    const kept = keptOf(writes, item as object, run.context);
    if (typeof kept === 'string') return writeAll(writes, item, run);
    const { pieces, isAscii, others, untilMs } = kept;
    momentOf(run.context).isTrueUntil(untilMs);
    run.text.isAscii &&= isAscii;
    run.text.add(pieces[0] ?? '');
    for (let i = 0; i < others.length; i += 1) {
      others[i]?.(item, run);
      run.text.add(pieces[i + 1] ?? '');
    }
  };
}

const isTrue = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }, { nowMs }: Moment): boolean =>
  nowMs >= fromMs && nowMs < untilMs;

const lengthOf = (kept: { pieces: readonly string[] } | Note): number =>
  typeof kept === 'string'
    ? NOTE_LENGTH
    : ENTRY_LENGTH + kept.pieces.reduce((sum, piece) => sum + piece.length, 0);

/** Undefined if it depends on more than the item and the time, or if there is anything wrong with it. */
function ofItemAlone<C>(write: Write<C>, item: object, context: C): WrittenText | undefined {
  const text = new WrittenText();
  try {
    write(item, { context, text });
    return text;
  } catch {
    return undefined;
  }
}

/** V8 keeps a text that was put together as a tree of its parts, until one of its characters is read. */
const flatten = (text: string): number => text.charCodeAt(0);
