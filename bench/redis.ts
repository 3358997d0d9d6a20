import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export type Redis = {
  url: string;
  signal(signal: NodeJS.Signals): void;
  /** Starts it again, without its memory. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

const runningServers = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of runningServers) child.kill('SIGKILL');
});

/** Starts Debian's redis-server on a socket of its own. It runs on any core. */
export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'certway-bench-redis-'));
  const path = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', path, '--save', ''];

  async function begin() {
    const started = spawn('redis-server', args, { stdio: 'ignore' });
    runningServers.add(started);
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
    runningServers.delete(child);
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
