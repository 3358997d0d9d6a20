/** The value of `Node.id`: base64 of the type's name, a colon, and an id that is unique within the type. */
export const encodeGlobalId = (typename: string, id: string): string =>
  Buffer.from(`${typename}:${id}`).toString('base64');

/** Undefined if `encodeGlobalId` cannot have made the text. */
export function decodeGlobalId(text: string): { typename: string; id: string } | undefined {
  const [, typename, id] = /^([A-Za-z]+):(.+)$/s.exec(Buffer.from(text, 'base64').toString()) ?? [];
  if (typename === undefined || id === undefined) return undefined;
  return encodeGlobalId(typename, id) === text ? { typename, id } : undefined;
}
