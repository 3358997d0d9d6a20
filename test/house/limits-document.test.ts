import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/settings/config.ts';

const PLACE = new URL('../../docs/limits.md', import.meta.url);
const text = readFile(PLACE, 'utf8');

test('docs/limits.md names only existing settings, and every MAX_ setting', async () => {
  const named = new Set(Array.from((await text).matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g), ([, name]) => name));
  const errors = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = errors.split('\n').filter((line) => line.startsWith('| `'));
  const settings = Object.keys(parseConfig({}));
  expect(
    [...named].filter(
      (name = '') => !settings.includes(name) && !rows.some((row) => row.includes(`\`${name}\``)),
    ),
  ).toEqual(['AWS_MAX_ATTEMPTS']);
  expect(settings.filter((name) => name.startsWith('MAX_') && !named.has(name))).toEqual([]);
});
