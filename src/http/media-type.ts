/** A media type or media range in lower case, with its parameters by name. */
export type ParsedMediaType = { name: string; parameters: ReadonlyMap<string, string> };

/** Two tokens (https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1), so a list of types does not match. */
const NAME = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/;

/** The name and the first 19 parameters are read. */
const MAX_PARTS = 20;

/** Reads a media type regardless of case, blanks, and quotes around values; undefined if it is not one. */
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

/** Whether text of this type is UTF-8, which is the default. */
export function isUtf8({ parameters }: ParsedMediaType): boolean {
  return ['utf-8', 'utf8'].includes(parameters.get('charset') ?? 'utf-8');
}

const unquoted = (value: string) => /^"(.*)"$/.exec(value)?.[1] ?? value;
