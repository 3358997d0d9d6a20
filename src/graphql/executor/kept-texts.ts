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

/** All of them together, in characters. A certificate with all fields has about 1600. */
const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * Keeps what is written of immutable items as long as it is true and the items live. When there is no room for more, everything is
 * forgotten: most of it is then about items that are gone.
 */
export function createKeptTexts<C>({ momentOf, ofItself }: KeptTextsOptions<C>): KeepTexts<C> {
  let length = 0;
  let forgotten = 0;

  function make(writes: readonly Write<C>[], item: object, context: C): Kept<C> {
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
    pieces.push(`${pieces.pop()}}`);
    for (const piece of pieces) length += flatten(piece);
    const { nowMs, trueUntilMs } = momentOf(own);
    return { pieces, isAscii, others, fromMs: nowMs, untilMs: trueUntilMs };
  }

  return (writes) => {
    let kept = new WeakMap<object, Kept<C> | typeof SEEN>();
    let asOf = forgotten;

    /** Undefined for an item that was never seen before, because many are never seen again. */
    function textsOf(item: object, context: C): Kept<C> | undefined {
      if (asOf !== forgotten) kept = new WeakMap();
      asOf = forgotten;
      const known = kept.get(item);
      if (known && known !== SEEN && isTrue(known, momentOf(context))) return known;
      const made = known && make(writes, item, context);
      kept.set(item, made ?? SEEN);
      if (length > MAX_LENGTH) {
        forgotten += 1;
        length = 0;
      }
      return made;
    }

    return (item, run) => {
      const texts = textsOf(item as object, run.context);
      if (!texts) return writeAll(writes, item, run);
      const { pieces, isAscii, others, untilMs } = texts;
      momentOf(run.context).isTrueUntil(untilMs);
      run.text.isAscii &&= isAscii;
      run.text.add(pieces[0] ?? '');
      for (const [i, write] of others.entries()) {
        write(item, run);
        run.text.add(pieces[i + 1] ?? '');
      }
    };
  };
}

const SEEN = 'seen';

const isTrue = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }, { nowMs }: Moment): boolean =>
  nowMs >= fromMs && nowMs < untilMs;

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
function flatten(text: string): number {
  text.charCodeAt(0);
  return text.length;
}
