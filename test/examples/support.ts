import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The project's folder, with a trailing slash. */
export const ROOT = new URL('../../', import.meta.url).pathname;

/** A file of the project. */
export const read = async (path: string): Promise<string> => readFile(ROOT + path, 'utf8');

/** The output of a program; a failure fails the test with the program's messages. */
export async function run(file: string, args: string[], cwd = ROOT, env = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { cwd, env: { ...process.env, ...env } });
  return stdout;
}
