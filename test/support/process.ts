import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Answer } from './service.ts';

/** The sources, or a bundle of them. */
export const MAIN = new URL(`../../${process.env['MAIN'] ?? 'src/main.ts'}`, import.meta.url).pathname;

/** A folder that is removed at the end of the running test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/**
 * The process as `npm start` runs it, on free ports, with nothing in its environment but `env`. It has no AWS
 * credentials, and does not look for those of an instance. It ends with the test at the latest.
 */
export async function run(
  args: string[],
  env: Record<string, string> = {},
  nodeArgs: string[] = [],
  main = MAIN,
) {
  return runProgram(process.execPath, [...nodeArgs, main, ...args], env);
}

/** Another program, or the same one started by another. */
export async function runProgram(program: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      HOME: await emptyFolder(),
      AWS_EC2_METADATA_DISABLED: 'true',
      PORT: '0',
      EMULATOR_PORT: '0',
      ...env,
    },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const end = async () => {
    await closed;
    return { code: child.exitCode ?? child.signalCode, ...output };
  };
  const found = async (where: keyof typeof output, pattern: RegExp): Promise<string> => {
    for (;;) {
      const [match] = pattern.exec(output[where]) ?? [];
      if (match !== undefined) return match;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended: ${output.stderr}`);
      await Promise.race([once(child[where], 'data'), closed]);
    }
  };
  return {
    child,
    /** How it ended: its exit code, or the signal that ended it, and its whole output. */
    end,
    stop: async () => {
      child.kill('SIGTERM');
      return end();
    },
    /** The lines of its stdout so far. */
    logged: () => output.stdout.split('\n'),
    /** The first match in its stdout. */
    printed: (pattern: RegExp) => found('stdout', pattern),
    /** The first match in its stderr. */
    told: (pattern: RegExp) => found('stderr', pattern),
  };
}

/** The service, once it listens. */
export async function serve(env: Record<string, string> = {}, nodeArgs: string[] = [], main = MAIN) {
  const service = await run([], env, nodeArgs, main);
  const url = await service.printed(/http:\S+\/graphql$/m);
  return {
    ...service,
    url,
    query: async (query: string): Promise<Answer> => (await post(url, query)).json(),
  };
}

/** The service on the API Gateway at `endpoint`, which is usually an emulator in the test's own process. */
export const serveOn = async (endpoint: string, env: Record<string, string> = {}, nodeArgs: string[] = []) =>
  serve(
    {
      UPSTREAM: 'aws',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      ...env,
    },
    nodeArgs,
  );

export async function post(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}
