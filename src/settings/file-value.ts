import { type FollowOptions, followFiles, textOfFile } from './followed-files.ts';
import type { Parser } from './parsers.ts';

/** A value that is in a file, and how another text of that file is read. */
export type FileValue<T> = {
  path: string;
  text: string;
  value: T;
  /** Throws an `Error` with all complaints. */
  parse(text: string): T;
};

/** A setting that is the path of a file, whose text is what another setting would be; no setting is null. */
export const fileOf = <T>(parser: Parser<T>): Parser<FileValue<T> | null> => ({
  expected: `a file with ${parser.expected}`,
  parse: (path) => (path === '' ? null : attempt(() => read(path, parser))),
  complaints: (path) => [attemptError(() => read(path, parser))],
});

/** A file that ends entries by lines, too. */
export const fileOfEntries = <T>(parser: Parser<T>): Parser<FileValue<T> | null> =>
  fileOf({
    ...parser,
    parse: (text) => parser.parse(text.replaceAll('\n', ',')),
    complaints: (text) => parser.complaints?.(text.replaceAll('\n', ',')),
  });

function read<T>(path: string, parser: Parser<T>): FileValue<T> {
  const parse = (text: string): T => {
    const trimmed = text.trim();
    const value = trimmed === '' ? undefined : parser.parse(trimmed);
    if (value !== undefined) return value;
    const found = trimmed === '' ? [] : (parser.complaints?.(trimmed) ?? []);
    const general = `expected ${parser.expected}, got ${trimmed === '' ? 'nothing' : 'something else'}`;
    throw new Error(`${path}: ${found.length > 0 ? found.join('; ') : general}`);
  };
  const text = textOfFile(path);
  return { path, text, value: parse(text), parse };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined; // `complaints` says why
  }
}

function attemptError(run: () => unknown): string {
  try {
    run();
    return 'the file has changed while it was read';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The value of a file as it is now; for ever `initial`, which is what was read of it first, if there is none. `onChange` is called once
 * another one is the value.
 */
export function followValue<T>(
  setting: string,
  file: FileValue<T> | null,
  initial: T,
  options: FollowOptions,
  onChange: () => void = () => undefined,
): () => T {
  let value = initial;
  if (file)
    followFiles(
      setting,
      [file.path],
      [file.text],
      ([text = '']) => {
        value = file.parse(text);
        onChange();
      },
      options,
    );
  return () => value;
}
