import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { walk } from './codegen/walk.ts';
import { expectAll, serve } from './support.ts';

test('the code of the client preset walks', async () => {
  const { endpoint } = await serve();
  expectAll(await walk(endpoint, 25));
});

/** The compiler's messages about the walk, with this change. */
function typeErrors(from: string, to: string): string {
  const folder = new URL('codegen/__generated__/', import.meta.url).pathname;
  const source = readFileSync(`${folder}../walk.ts`, 'utf8');
  expect(source).toContain(from);
  writeFileSync(`${folder}changed.ts`, source.replaceAll('./__generated__/', './').replace(from, to));
  const tsconfig = { extends: '../../tsconfig.json', include: ['changed.ts'] };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(tsconfig));
  onTestFinished(() => {
    for (const file of ['changed.ts', 'tsconfig.json']) rmSync(folder + file);
  });
  const { error, stdout } = spawnSync('tsc', ['-p', folder], { encoding: 'utf8' });
  if (error) throw error;
  return stdout;
}

test('the query and the use of its answer are typed', () => {
  expect(typeErrors('node.id', 'node.status')).toBe('');
});

test.each([
  ['node.id', 'node.arn', "Property 'arn' does not exist"],
  ['if (node) ids', 'ids', "'node' is possibly 'null'"],
  ['node.id', 'node.tags', 'is not assignable to parameter of type'],
  ['{ first, after }', '{ after }', "Property 'first' is missing"],
  ['{ first, after }', "{ first, filter: { status: ['LOST'] } }", `'"LOST"' is not assignable to type`],
  ['{ first, after }', '{ first, before: after }', "'before' does not exist in type"],
])('"%s" as "%s" is a type error', (from, to, error) => {
  expect(typeErrors(from, to)).toContain(error);
});
