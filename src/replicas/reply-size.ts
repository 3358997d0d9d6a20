/** The characters of all texts in a command or a reply, which are bytes for all but descriptions and tags. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.reduce((sum: number, part) => sum + sizeOf(part), 0) : 0;
}
