import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { placeOfServer } from '../backends/backend.ts';
import { startNginx } from '../backends/backends.ts';
import { localhostIdentity } from '../emulator/backend.ts';

/** How nginx is told whom to trust: a file, and what has to be changed in the example for it. */
export type Trust = { file: string; edit(text: string): string };

/** A map of fingerprints, as in the example. */
export const FINGERPRINTS: Trust = { file: 'trust.nginx', edit: (text) => text };

/** What AWS advises, to the letter: certificates in a file. */
export const CERTIFICATES: Trust = {
  file: 'trust.pem',
  edit: (text) =>
    text
      .replace('include /etc/certway/trust.nginx;', '')
      .replace(
        /ssl_verify_client .*\n.*\n/,
        'ssl_client_certificate /etc/certway/trust.pem; ssl_verify_client on;\n',
      ),
};

/** Each answer says which certificate nginx has seen, and which of its processes it was. */
const TELL = `
  add_header x-client-fingerprint $ssl_client_fingerprint always;
  add_header x-worker $pid always;
  location / {`;

/** An nginx on `localhost`, which is started once it is told for the first time whom to trust. */
export async function prepareNginx({ file, edit }: Trust) {
  const identity = await localhostIdentity();
  const place = await placeOfServer(async () => identity);
  const path = join(place.folder, file);

  /** The process that answers new connections. */
  async function worker(): Promise<number> {
    const asked = request({ port: place.port, host: '127.0.0.1', agent: false, rejectUnauthorized: false });
    asked.end();
    const [response]: IncomingMessage[] = await once(asked, 'response');
    response?.resume();
    return Number(response?.headers['x-worker']);
  }

  return {
    url: `https://localhost:${place.port}`,
    ca: identity.cert,
    start: async (trusted: string) => {
      await writeFile(path, trusted);
      const { child } = await startNginx(place, 'nginx.conf', (text) =>
        edit(text).replace('location / {', TELL.trim()),
      );
      return {
        /** Resolves once the process that knew the file before has ended: until then it takes new connections, too. */
        reload: async (next: string) => {
          await writeFile(path, next);
          const before = await worker();
          child.kill('SIGHUP');
          while (isRunning(before)) await wait(10);
        },
      };
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
