import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
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

/** Runs `aws SERVICE` with these arguments. */
export async function runCli(url: string, service: string, args: string[], env: Record<string, string> = {}) {
  const all = [service, ...args, '--endpoint-url', url, '--output', 'json'];
  const { child, ended: end } = start('/usr/bin/aws', 'awscli', all, env);
  const [stdout, { code, stderr }] = await Promise.all([text(child.stdout), end]);
  return { code, stderr: stderr.trim(), stdout };
}

type Line = { answer?: unknown; error?: string; message?: string; response?: unknown };

/** A Python process with a client of a service, API Gateway unless told, which makes one call after the other. */
export function startPythonClient(url: string, env: Record<string, string> = {}, service = 'apigateway') {
  const script = `${import.meta.dirname}/boto3-calls.py`;
  return talk(
    'Python',
    'python3-boto3',
    start('/usr/bin/python3', 'python3-boto3', [script, url, service], env),
  );
}

/** The same of the SDK for JavaScript v2, whose services have names such as `APIGateway`. */
export function startV2Client(url: string, env: Record<string, string> = {}, service = 'APIGateway') {
  const script = `${import.meta.dirname}/js-v2/calls.mjs`;
  const settings = { AWS_REGION: 'us-east-1', AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1', ...env };
  return talk('Node', 'nodejs', start(process.execPath, 'nodejs', [script, url, service], settings));
}

/** Calls and answers of a process that reads and writes lines of JSON. */
function talk(program: string, needed: string, { child, ended: end }: ReturnType<typeof start>) {
  onTestFinished(async () => {
    child.stdin.end();
    expect(await end).toEqual({ code: 0, stderr: '' });
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const failed = end.then(({ code, stderr }): never => {
    throw new Error(`${program} ended with ${code}: is Debian's package ${needed} installed?\n${stderr}`);
  });
  failed.catch(() => undefined);
  const call = async (...words: unknown[]): Promise<Line> => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    const { value } = await lines.next();
    return value === undefined ? failed : JSON.parse(value);
  };
  return {
    call,
    answer: async (...words: unknown[]) => {
      const { answer, ...problem } = await call(...words);
      expect(problem).toEqual({});
      return answer;
    },
  };
}
