import { execFile } from 'node:child_process';
import { access, mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = new URL('../../', import.meta.url).pathname;
const CACHE = join(ROOT, 'node_modules/.cache/earlier-release');

/** While there is no tag of a release: the README of this folder says why this one. */
const WITHOUT_TAG = 'e513e04';

const run = async (program: string, args: string[], cwd = ROOT): Promise<string> =>
  (await promisify(execFile)(program, args, { cwd, maxBuffer: 256 * 1024 * 1024 })).stdout.trim();

/** The commit of the newest release before this one. */
async function commitOf(): Promise<string> {
  const newest = await run('git', [
    'tag',
    '--list',
    'v*',
    '--sort=-version:refname',
    '--no-contains',
    'HEAD',
  ]);
  return run('git', ['rev-parse', `${newest.split('\n')[0] || WITHOUT_TAG}^{commit}`]);
}

/** The bundle of the newest release before this one: its `main.js`. It is built once, with the packages that are installed here. */
export async function buildEarlierRelease(): Promise<string> {
  const commit = await commitOf();
  const done = join(CACHE, commit);
  const main = join(done, 'dist/main.js');
  if (
    await access(main).then(
      () => true,
      () => false,
    )
  )
    return main;
  const folder = `${done}-${process.pid}`;
  await mkdir(folder, { recursive: true });
  await run('git', ['archive', '--output', join(folder, 'source.tar'), commit]);
  await run('tar', ['-xf', 'source.tar'], folder);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await run(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    folder,
  );
  await rename(folder, done);
  return main;
}
