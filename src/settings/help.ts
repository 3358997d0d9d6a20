import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** The table that `--help` prints, of all settings or of those with such names. */
export function describeSettings(which = /./): string {
  const described = Object.entries<Setting<unknown>>(SETTINGS).filter(([name]) => which.test(name));
  const width = Math.max(...described.map(([name]) => name.length));
  const indent = ' '.repeat(width + 4);
  return described
    .map(
      ([name, { parser, initial, description }]) =>
        `  ${name.padEnd(width)}  ${description}\n${indent}${parser.expected}; default: ${initial || 'none'}`,
    )
    .join('\n');
}
