import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { expect, test } from 'vitest';
import { importsOf } from './import-rules.ts';

const ROOT = new URL('../', import.meta.url).pathname;

type Manifest = Record<'dependencies' | 'devDependencies' | 'engines', Record<string, string>>;
const manifest: Manifest = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8'));
const { dependencies, devDependencies, engines, ...rest } = manifest;

/** The packages that `src/` imports: all, or without those of which it only wants types. */
async function packages(kind: 'all' | 'values'): Promise<string[]> {
  const files = globSync('src/**/*.ts', { cwd: ROOT });
  const imports = await Promise.all(
    files.map(async (file) => importsOf(file, await readFile(ROOT + file, 'utf8'))),
  );
  const names = imports
    .flat()
    .filter(({ from, isType }) => !from.endsWith('.ts') && !isBuiltin(from) && !(isType && kind === 'values'))
    .map(({ from }) => /^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from);
  return [...new Set(names)].toSorted();
}

test('there is one copy of graphql, whoever asks for it', () => {
  const copies = globSync(
    ['node_modules/graphql/package.json', 'node_modules/**/node_modules/graphql/package.json'],
    {
      cwd: ROOT,
    },
  );
  expect(copies).toEqual(['node_modules/graphql/package.json']);
});

test('what src/ loads are the dependencies, neither more nor less', async () => {
  expect(await packages('values')).toEqual(Object.keys(dependencies).toSorted());
});

test('what src/ needs for its types is there in development', async () => {
  const names = await packages('all');
  expect(names.filter((name) => !(name in dependencies || name in devDependencies))).toEqual([]);
});

test('every version is exact, so that an upgrade is a commit', () => {
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('Node is asked for as far as it is needed, and runs these tests', () => {
  expect(engines).toEqual({ node: '>=24' });
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
  expect(devDependencies['node']).toMatch(/^24\./);
});

test('the package is run, not imported or published', () => {
  expect(rest).toMatchObject({ name: 'certway', private: true, type: 'module', license: 'MIT' });
  for (const field of ['main', 'module', 'exports', 'bin', 'types', 'files', 'publishConfig'])
    expect(rest).not.toHaveProperty(field);
});
