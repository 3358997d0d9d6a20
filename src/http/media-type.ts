/** A media type or a range of them, in lower case, with the values of its parameters by their names. */
export type ParsedMediaType = { name: string; parameters: ReadonlyMap<string, string> };

/** Two tokens (https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1); a list of types is none. */
const NAME = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/;

/** So many parts of one are read: its name, and its parameters. */
const MAX_PARTS = 20;

/** Reads a media type as HTTP has it: without regard to case, blanks, and quotes around values; undefined if it is none. */
export function parseMediaType(text: string): ParsedMediaType | undefined {
  const [first = '', ...rest] = text.toLowerCase().split(';', MAX_PARTS);
  const name = first.trim();
  if (!NAME.test(name)) return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const [key = '', ...value] = parameter.split('=');
    if (!parameters.has(key.trim())) parameters.set(key.trim(), unquoted(value.join('=').trim()));
  }
  return { name, parameters };
}

/** Whether text of this type is UTF-8, which is what is assumed where nothing is said. */
export function isUtf8({ parameters }: ParsedMediaType): boolean {
  return ['utf-8', 'utf8'].includes(parameters.get('charset') ?? 'utf-8');
}

const unquoted = (value: string) => /^"(.*)"$/.exec(value)?.[1] ?? value;
