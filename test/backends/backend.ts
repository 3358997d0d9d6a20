import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SecureVersion } from 'node:tls';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type Identity, selfSigned } from './certificates.ts';

const EXAMPLES = new URL('../../examples/backends/', import.meta.url).pathname;

/** A folder of the running test with the key and certificate of a server, and the ports that it is to use. */
export async function placeOfServer(makeIdentity = selfSigned): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [port, appPort, { cert, key }] = await Promise.all([freePort(), startApp(), makeIdentity()]);
  await writeFile(join(folder, 'server.crt'), `${cert}\n`);
  await writeFile(join(folder, 'server.key'), key);
  await writeFile(join(folder, 'server.pem'), `${cert}\n${key}`);
  return { folder, port, appPort };
}

/** The application behind a server that checks certificates for it. */
async function startApp(): Promise<number> {
  const app = createServer((_, response) => response.end('Hello, API Gateway.\n')).listen(0, '127.0.0.1');
  await once(app, 'listening');
  onTestFinished(() => {
    app.closeAllConnections();
    app.close();
  });
  return (app.address() as AddressInfo).port;
}

/** Where an example is to find its files, and which ports it is to use. */
export type Place = { folder: string; port: number; appPort?: number };

/**
 * Copies an example into the folder, with this folder and these ports in the place of its own, and as `edit` changes it. Returns
 * the path.
 */
export async function takeExample(
  name: string,
  { folder, port, appPort = 8080 }: Place,
  edit = (text: string) => text,
): Promise<string> {
  const text = edit(await readFile(EXAMPLES + name, 'utf8'))
    .replaceAll('/etc/certway', folder)
    .replaceAll(/\b8080\b/g, `${appPort}`)
    .replaceAll(/(?<=[ :(])8?443\b/g, `${port}`);
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

export type Server = { child: ChildProcess; output(): string };

/** Starts a server, which ends with the test, and resolves once it listens. */
export async function startServer(port: number, program: string, args: string[]): Promise<Server> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const closed = Promise.race([once(child, 'close'), once(child, 'error')]);
  onTestFinished(async () => {
    try {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL'); // with the processes that it has started
    } catch {} // it has ended
    await closed;
  });
  let hasEnded = false;
  void closed.then(() => {
    hasEnded = true;
  });
  while (!(await isListening(port))) {
    if (hasEnded) throw new Error(`${program} has ended: ${output}`);
    await wait(20);
  }
  return { child, output: () => output };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** How a server answers a client: `accepted`, or `refused` by a status or in the handshake. */
export async function outcomeOf(
  port: number,
  identity: Identity | undefined,
  maxVersion: SecureVersion = 'TLSv1.3',
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request(
    { port, host: '127.0.0.1', agent: false, rejectUnauthorized: false, maxVersion, ...identity },
    (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode ?? 0));
    },
  )
    .on('error', reject)
    .end();
  const status = await promise.catch((error) => {
    if (error.code === 'ECONNREFUSED') throw error; // nobody listens any more
    return 403; // the handshake has failed
  });
  if (status === 200) return 'accepted';
  if (status === 400 || status === 403) return 'refused';
  throw new Error(`An answer with the status ${status}.`);
}
