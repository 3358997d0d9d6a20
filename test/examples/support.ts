import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The project's folder, with a slash at its end. */
export const ROOT = new URL('../../', import.meta.url).pathname;

/** A file of the project. */
export const read = async (path: string): Promise<string> => readFile(ROOT + path, 'utf8');

/** What a program prints; one that complains fails the test, with what it had to say. */
export async function run(file: string, args: string[], cwd = ROOT, env = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { cwd, env: { ...process.env, ...env } });
  return stdout;
}
