import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { importsOf } from './import-rules.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

type Manifest = Record<'dependencies' | 'devDependencies' | 'engines' | 'scripts', Record<string, string>>;
const manifest: Manifest = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8'));
const { dependencies, devDependencies, engines, scripts, ...rest } = manifest;

/** The packages that `src/` imports: all, or without those that it only imports types from. */
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

test.each(['graphql', '@graphql-tools/utils'])('there is one copy of %s for all dependents', async (name) => {
  // npm's list of what it has installed: to look through all folders takes seconds.
  const installed = JSON.parse(await readFile(`${ROOT}node_modules/.package-lock.json`, 'utf8'));
  const copies = Object.keys(installed.packages).filter((folder) => folder.endsWith(`node_modules/${name}`));
  expect(copies).toEqual([`node_modules/${name}`]);
});

test('the dependencies are exactly the packages that src/ loads', async () => {
  expect(await packages('values')).toEqual(Object.keys(dependencies).toSorted());
});

test('the packages that src/ imports types from are dependencies too', async () => {
  const names = await packages('all');
  expect(names.filter((name) => !(name in dependencies || name in devDependencies))).toEqual([]);
});

test('every version is exact, so that an upgrade is a commit', () => {
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the required Node version is 24, and these tests run on it', () => {
  expect(engines).toEqual({ node: '>=24' });
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
  expect(devDependencies['node']).toMatch(/^24\./);
});

test.each(Object.entries(scripts))(
  'npm run %s checks the Node that it runs on before anything else',
  (_, script) => {
    expect(script).toMatch(/^(NODE_COMPILE_CACHE=\S+ exec )?node (-r \.\/)?src\/check-node\.cjs /);
  },
);

/** Runs the check on a Node that reports this version. */
const checkOn = async (version: string) => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
  const check = `require('./src/check-node.cjs')`;
  return promisify(execFile)(process.execPath, ['-e', `${pretend}; ${check}`], { cwd: ROOT });
};

test.each(['20.20.2', '22.21.0', '8.0.0'])(
  'on Node %s the check says which version is needed, and how to get it',
  async (version) => {
    const { code, stdout, stderr } = await checkOn(version).catch((error) => error);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const needed = engines['node']?.replace('>=', '');
    expect(stderr).toContain(
      `Certway needs Node ${needed} or later, but this is Node ${version} (${process.execPath}).`,
    );
    expect(stderr).toMatch(
      /^[^\n]+`npm ci`[^\n]+--ignore-scripts or --omit=dev[^\n]+https:\/\/nodejs\.org\.\n$/,
    );
  },
);

test.each(['24.0.0', '24.21.0', '26.1.0', '100.0.0'])(
  'on Node %s the check prints nothing',
  async (version) => {
    expect(await checkOn(version)).toEqual({ stdout: '', stderr: '' });
  },
);

test('a container runs the build as npm start runs the sources, with a compile cache as well', async () => {
  const dockerfile = await readFile(`${ROOT}Dockerfile`, 'utf8');
  const command: string[] = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]');
  const [node, ...args] = command.map((word) => word.replace('dist/main.js', 'src/main.ts'));
  const [setting = '', ...started] = scripts['start']?.split(' ') ?? [];
  expect(setting).toMatch(/^NODE_COMPILE_CACHE=node_modules\/\S+$/);
  expect(started).toEqual(['exec', node, '-r', './src/check-node.cjs', ...args]);
  expect(dockerfile).toMatch(/^ENV NODE_COMPILE_CACHE=\/\S+$/m);
  expect(dockerfile).toContain(`\nRUN HOST=127.0.0.1 timeout --preserve-status 10 ${command.join(' ')}\n`);
  const readme = await readFile(`${ROOT}README.md`, 'utf8');
  expect(readme).toContain(`docker run --rm certway node ${command.at(-1)} api-key NAME`);
});

test('the package is run, not imported or published', () => {
  expect(rest).toMatchObject({ name: 'certway', private: true, type: 'module', license: 'MIT' });
  for (const field of ['main', 'module', 'exports', 'bin', 'types', 'files', 'publishConfig'])
    expect(rest).not.toHaveProperty(field);
});
