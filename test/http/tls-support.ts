import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { createIdentity, type Identity } from '../support/identities.ts';
import { emptyFolder } from '../support/process.ts';
import { runService } from '../support/running-service.ts';

export const AUTHORITY = createIdentity({ name: 'Test authority' });

export type Files = { cert: string; key: string; ca: string };

/** A running service with TLS, whose files are in a folder, and which looks at them when `check` is called. */
export async function runTlsService(env: Record<string, string> = {}, asks = false) {
  const folder = await emptyFolder();
  const files: Files = {
    cert: join(folder, 'tls.crt'),
    key: join(folder, 'tls.key'),
    ca: join(folder, 'ca.crt'),
  };
  const write = async ({ cert, key }: Identity) => {
    await writeFile(files.cert, cert);
    await writeFile(files.key, key);
  };
  await write(createIdentity({ name: 'first', issuer: AUTHORITY }));
  await writeFile(files.ca, AUTHORITY.cert);
  const checks: (() => void)[] = [];
  const service = await runService({
    env: {
      TLS_CERT_FILE: files.cert,
      TLS_KEY_FILE: files.key,
      ...(asks && { TLS_CLIENT_CA_FILE: files.ca, AUTH: 'mtls' }),
      ...env,
    },
    clock: { every: (_, run) => void checks.push(run) },
    pageFolder: folder,
  });
  const port = Number(new URL(service.url).port);
  return {
    ...service,
    port,
    folder,
    files,
    write,
    check: () => {
      for (const run of checks) run();
    },
    /** A connection, once its handshake is over. */
    open: async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
      const socket = connect({
        port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca: AUTHORITY.cert,
        ...options,
      });
      onTestFinished(() => void socket.destroy());
      await once(socket, 'secureConnect');
      return socket;
    },
  };
}

/** Sends a request on a connection that stays open, and resolves to its answer. */
export async function ask(
  socket: TLSSocket,
  path: string,
  query?: string,
  headers: Record<string, string> = {},
) {
  const asked = request({
    path,
    method: query ? 'POST' : 'GET',
    headers: { host: 'localhost', 'content-type': 'application/json', connection: 'keep-alive', ...headers },
    createConnection: () => socket,
  });
  asked.end(query && JSON.stringify({ query }));
  const [response] = await once(asked, 'response');
  return { status: response.statusCode, connection: response.headers.connection, body: await text(response) };
}

/** The common name of the certificate that the service shows to a new connection. */
export const shownBy = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN;
