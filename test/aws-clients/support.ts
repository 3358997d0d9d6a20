import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Fault } from '../../src/emulator/fault.ts';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { emulate } from '../emulator/support.ts';

/** An emulator that remembers which operations were called; the first answers are those of `faults`. */
export async function emulateCounting({
  faults = [],
  ...options
}: EmulatorOptions & { faults?: Fault[] } = {}) {
  const operations: string[] = [];
  const { url } = await emulate({
    ...options,
    fault: (operation) => {
      operations.push(operation);
      return faults.shift();
    },
  });
  return { url, operations };
}

/** Starts a program of Debian's, with credentials and nothing of this user's settings. */
export function start(file: string, debianPackage: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(file, args, {
    env: {
      PATH: '/usr/bin:/bin',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      ...env,
    },
  });
  return { child, ended: ended(child, file, debianPackage) };
}

/** The exit code and what was written to standard error. */
async function ended(child: ChildProcessWithoutNullStreams, file: string, debianPackage: string) {
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', (cause) => {
      reject(new Error(`${file} did not run: is Debian's package ${debianPackage} installed?`, { cause }));
    });
  });
  const [code, stderr] = await Promise.all([exit, text(child.stderr)]);
  return { code, stderr };
}
