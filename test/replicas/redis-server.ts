import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { until } from '../support/sharing.ts';

/** A Redis of the running test, on a socket in a folder of its own. It has no disk and no port. */
export async function startRedis(...settings: string[]) {
  const folder = await emptyFolder();
  const path = join(folder, 'redis.sock');
  const url = `unix://${path}`;
  let secret = '';
  let child = await begin();
  onTestFinished(() => end(child));

  async function begin(): Promise<ChildProcess> {
    const args = ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder];
    const started = spawn('redis-server', [...args, ...settings], { stdio: 'ignore' });
    await until(() => canConnect(path));
    return started;
  }

  /** Sends a command on a connection of its own. */
  async function command(args: string[]): Promise<unknown> {
    const client = createClient({ url, RESP: 2, ...(secret && { password: secret }) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.sendCommand(args);
    } finally {
      client.destroy();
    }
  }

  return {
    url,
    path,
    command: async (...args: string[]) => command(args),
    /** Lets nobody in without this password, and ends all connections; with an empty one, lets anybody in again. */
    requirePassword: async (password: string) => {
      await command(['CONFIG', 'SET', 'requirepass', password]);
      secret = password;
      await command(['CLIENT', 'KILL', 'TYPE', 'normal']);
    },
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    kill: () => end(child),
    /** Starts it again, with what was in it at the last `SAVE`. */
    restart: async () => {
      await end(child);
      child = await begin();
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill('SIGKILL');
  await closed;
}

async function canConnect(path: string): Promise<void> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
