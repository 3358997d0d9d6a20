import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

export const ROOT = new URL('../', import.meta.url).pathname;

/** A Node process: its arguments after `node`, and additional environment variables. */
export type Program = { args: string[]; env?: Record<string, string> };

export type Running = { pid: number; port: number; url: string; stop(): Promise<void> };

const CORES = availableParallelism();

/** The measured server runs on the first core. The load and the stub run on others, if the machine has more than one. */
export const SERVER_CORE = 0;
export const LOAD_CORE = Math.min(1, CORES - 1);
export const STUB_CORE = Math.min(2, CORES - 1);

const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  NODE_ENV: 'production',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Of many processes that would have machines of their own: what would be elsewhere has to come before them. */
export const NICE = 10;

/**
 * Starts a program on a free port, and on one core or on all, and waits until it listens. Its output is discarded. `niceness` lets others come
 * before it (https://man7.org/linux/man-pages/man7/sched.7.html).
 */
export async function start({ args, env }: Program, core?: number, niceness = 0): Promise<Running> {
  const port = await freePort();
  const cores = core === undefined ? `0-${CORES - 1}` : String(core);
  const program = ['nice', '-n', String(niceness), process.execPath, ...args];
  const child = spawn('taskset', ['-c', cores, ...program], {
    cwd: ROOT,
    env: { ...ENVIRONMENT, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000);
  });
  running.add(child);
  while (!(await canConnect(port))) {
    if (child.exitCode !== null) throw new Error(`node ${args.join(' ')} ended:\n${complaints}`);
    await wait(20);
  }
  return {
    pid: pidOf(child),
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () => kill(child),
  };
}

/** Milliseconds from the start of a Node process until it prints a URL, which servers do once they listen. */
export async function startTimeMs(program: Program): Promise<number> {
  const { child, tookMs } = await startAndListen(program);
  await kill(child);
  return tookMs;
}

/** Starts a Node process and ends it with SIGTERM, so that it writes its compile cache. */
export async function startAndEnd(program: Program): Promise<void> {
  const { child } = await startAndListen(program);
  await kill(child, 'SIGTERM');
}

async function startAndListen({ args, env }: Program): Promise<{ child: ChildProcess; tookMs: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...ENVIRONMENT, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  let output = '';
  const listens = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (output.includes('http://')) listens.resolve();
  });
  child.once('exit', () => listens.reject(new Error(`node ${args.join(' ')} does not say where it listens`)));
  await listens.promise;
  return { child, tookMs: performance.now() - startedAt };
}

/** CPU time that a process has used so far, user and system, in milliseconds (proc(5): in ticks of 10 ms). */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Waits until a process uses no more CPU, three seconds at most: then its work is done. Returns its CPU time. */
export async function settled(pid: number): Promise<number> {
  let used = cpuMs(pid);
  for (let turn = 0; turn < 100; turn += 1) {
    await wait(30);
    const before = used;
    used = cpuMs(pid);
    if (used === before) break;
  }
  return used;
}

/** Resident memory of a process in MiB. */
export const residentMib = (pid: number): number => statusMib(pid, 'VmRSS');

/** The most that it ever was. */
export const peakMib = (pid: number): number => statusMib(pid, 'VmHWM');

/** proc(5) */
function statusMib(pid: number, name: string): number {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'latin1'),
  )?.[1];
  return Number(kib) / 1024;
}

async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process has no id');
  return pid;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
