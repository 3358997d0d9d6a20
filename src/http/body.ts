/** Keeps nothing between two bodies, so one decoder serves all. Drops a byte order mark. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The text of a body; undefined if it is not UTF-8, because lenient decoding would store another text than was sent. */
export function textOf(body: Uint8Array): string | undefined {
  try {
    return decoder.decode(body);
  } catch {
    return undefined;
  }
}
