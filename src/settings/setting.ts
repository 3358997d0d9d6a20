import type { Parser } from './parsers.ts';

/** A setting: how its text is parsed, the text that is used if the environment has none, and its help. */
export type Setting<T> = { parser: Parser<T>; initial: string; description: string };

/** The values of a table of settings, each under its name in the environment. */
export type Values<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never;
};

export function setting<T>(parser: Parser<T>, initial: string, description: string): Setting<T> {
  return { parser, initial, description };
}
