/**
 * A text, or so much of its beginning, and an ellipsis. No character is halved that is two units long, such as an emoji: half of one
 * has no UTF-8 form, and strict parsers refuse JSON that has it.
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.codePointAt(most - 1) ?? 0;
  return `${text.slice(0, last > 0xffff ? most - 1 : most)}…`;
}
