import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { STUB_CORE } from './processes.ts';

export type Redis = {
  url: string;
  signal(signal: NodeJS.Signals): void;
  /** Starts it again, without its memory. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts Debian's redis-server on a socket of its own, on the core of AWS. */
export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'certway-bench-redis-'));
  const path = join(folder, 'redis.sock');
  const args = ['-c', String(STUB_CORE), 'redis-server', '--port', '0', '--unixsocket', path, '--save', ''];

  async function begin() {
    const started = spawn('taskset', args, { stdio: 'ignore' });
    process.once('exit', () => started.kill('SIGKILL'));
    while (!(await canConnect(path))) {
      if (started.exitCode !== null) throw new Error('expected redis-server: apt-get install redis-server');
      await wait(20);
    }
    return started;
  }

  let child = await begin();

  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  return {
    url: `unix://${path}`,
    signal: (signal) => child.kill(signal),
    restart: async () => {
      await end();
      child = await begin();
    },
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
