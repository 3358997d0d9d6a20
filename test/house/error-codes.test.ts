import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const YOGA = fileURLToPath(new URL('.', import.meta.resolve('graphql-yoga')));

const read = async (folder: string, pattern: string, exclude: string[] = []) => {
  const files = globSync(pattern, { cwd: folder, exclude });
  return (await Promise.all(files.map((file) => readFile(folder + file, 'utf8')))).join('\n');
};

const matches = (text: string, pattern: RegExp) =>
  Array.from(text.matchAll(pattern), ([, found = '']) => found);

/** Every literal that is used as a code, or is a member of a type of codes. */
const codesIn = (text: string): Set<string> =>
  new Set([
    ...matches(text, /\bcode(?:'\])?(?::| =| \|\|=) '([A-Z_]+)'/g),
    ...matches(text, /\btype \w+Code =\s([^;]*);/g).flatMap((members) => matches(members, /'([A-Z_]+)'/g)),
  ]);

/** These are data, in the union of a mutation's result; docs/errors.md names their types. */
const DATA = ['NOT_FOUND', 'CONFLICT', 'LIMIT_EXCEEDED'];

/** Yoga uses it for bodies that are too large, which the service refuses before Yoga sees them. */
const SWITCHED_OFF = ['REQUEST_ENTITY_TOO_LARGE'];

test('the table of docs/errors.md has every possible error code, and no other', async () => {
  const readme = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const [, table = ''] = /^\| code \| when \|\n(.*?)\n\n/ms.exec(readme) ?? [];
  const inTable = matches(table, /^\| ([^|]*) \|/gm).flatMap((cell) => matches(cell, /`(\w+)`/g));
  const ours = codesIn(await read(SRC, '**/*.ts', ['emulator/**']));
  const yogas = codesIn(await read(YOGA, '**/*.js'));
  for (const code of DATA) expect(ours).toContain(code);
  for (const code of SWITCHED_OFF) expect(yogas).toContain(code);
  const others = [...DATA, ...SWITCHED_OFF];
  const all = Array.from(new Set([...ours, ...yogas])).filter((code) => !others.includes(code));
  expect(inTable.toSorted()).toEqual(all.toSorted());
});
