import { LONG_TEXT } from '../../exchange.ts';

/** A text that takes less time to copy on its own than with its neighbours is at least as long. */
const LONG = 256;

/** To call what writes a text takes longer than to write so many characters one by one. */
const SHORT = 16;

/**
 * A text that is put together from many. V8 would keep it as a tree of them until it is sent, and then copy it twice; so this
 * one is written to bytes at once.
 */
export class WrittenText {
  /** Whether all its characters are ASCII. */
  isAscii = true;
  #parts: string[] = [];
  #last = '';
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    this.#length += text.length;
    if (text.length < LONG) this.#last += text;
    else {
      this.#parts.push(this.#last, text);
      this.#last = '';
    }
  }

  toBody(): string | Buffer<ArrayBuffer> {
    return this.#length > LONG_TEXT ? this.#toBytes() : this.toString();
  }

  toString(): string {
    return this.#parts.join('') + this.#last;
  }

  #toBytes(): Buffer<ArrayBuffer> {
    if (!this.isAscii) return Buffer.from(this.toString());
    const bytes = Buffer.allocUnsafe(this.#length);
    let length = 0;
    for (const part of this.#parts) length += write(part, bytes, length);
    write(this.#last, bytes, length);
    return bytes;
  }
}

/** Writes a text of ASCII, and returns its length. */
function write(text: string, bytes: Buffer, start: number): number {
  if (text.length > SHORT) return bytes.write(text, start, 'latin1');
  for (let i = 0; i < text.length; i += 1) bytes[start + i] = text.charCodeAt(i);
  return text.length;
}
