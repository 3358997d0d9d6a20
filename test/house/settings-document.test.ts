import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Setting } from '../../src/settings/setting.ts';
import { SETTINGS } from '../../src/settings/settings.ts';

/** Without links, code and quotes. */
const plain = (text: string): string =>
  text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`"]/g, '');

const lineOf = (name = '', initial = '', meaning = ''): string => plain(`${name}, ${initial}: ${meaning}`);

test('docs/settings.md has all settings, defaults and sentences of --help in its order, and may add sentences', async () => {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const rows = Array.from(page.matchAll(/^\| `(\w+)` \| (.+?) \| (.+) \|$/gm), ([, ...cells]) =>
    lineOf(...cells),
  );
  const help = Object.entries<Setting<unknown>>(SETTINGS).map(([name, { initial, description }]) =>
    lineOf(name, initial || 'none', description),
  );
  expect(rows.map((row, i) => row.slice(0, help[i]?.length))).toEqual(help);
});
