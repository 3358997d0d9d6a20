/** What `Node.id` carries: base64 of the type's name, a colon, and an id that is unique within the type. */
export const encodeGlobalId = (typename: string, id: string): string =>
  Buffer.from(`${typename}:${id}`).toString('base64');

/** Undefined where the text is not one that `encodeGlobalId` could have made. */
export function decodeGlobalId(text: string): { typename: string; id: string } | undefined {
  const [, typename, id] = /^([A-Za-z]+):(.+)$/s.exec(Buffer.from(text, 'base64').toString()) ?? [];
  if (typename === undefined || id === undefined) return undefined;
  return encodeGlobalId(typename, id) === text ? { typename, id } : undefined;
}
