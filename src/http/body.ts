/** Decodes bodies; one for all, since it keeps nothing between two of them. A byte order mark is no part of the text. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The text of a body; undefined where it is not UTF-8, which would be stored otherwise than it was sent. */
export function textOf(body: Uint8Array): string | undefined {
  try {
    return decoder.decode(body);
  } catch {
    return undefined;
  }
}
