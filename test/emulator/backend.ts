import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { der } from '../support/identities.ts';
import { oneKeyPair, stop } from './support.ts';

/** What a backend has seen of a request. */
export type Seen = {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
  /** SHA-256 of the client certificate; undefined without one. */
  fingerprint: string | undefined;
};

/**
 * An HTTPS server for `localhost` that asks for a client certificate and takes any, or none. It answers `201` with `seen`,
 * unless `answer` does.
 */
export async function startBackend(answer?: (response: ServerResponse) => void) {
  const { cert, key } = await localhostIdentity();
  const all: Seen[] = [];
  const server = createServer(
    { key, cert, requestCert: true, rejectUnauthorized: false },
    async (request, response) => {
      const { method, url, headers } = request;
      const fingerprint = (request.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
      const body = (await buffer(request)).toString();
      const seen = { method, url, headers, body, fingerprint };
      all.push(seen);
      if (answer) return answer(response);
      response.writeHead(201, { 'x-backend': 'yes', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify(seen));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => stop(server));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { port, url: `https://localhost:${port}`, ca: cert, seen: all };
}

export const fingerprintOf = (pem = ''): string => new X509Certificate(pem).fingerprint256;

/** A self-signed certificate of `localhost` for these days, which is its own CA, and its key. */
export async function localhostIdentity(): Promise<{ cert: string; key: string }> {
  const { publicKey, privateKey } = await oneKeyPair;
  const algorithm = der(0x30, Buffer.from('06092a864886f70d01010b', 'hex'), der(0x05));
  const name = der(
    0x30,
    der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))),
  );
  const time = (days: number) => {
    const date = new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();
    return der(0x17, Buffer.from(`${date.slice(2, 19).replace(/[-:T]/g, '')}Z`));
  };
  const alternativeNames = der(0x30, der(0x82, Buffer.from('localhost')));
  const extension = der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, alternativeNames));
  const certificate = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    algorithm,
    name,
    der(0x30, time(-1), time(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  );
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signature = sign('sha256', certificate, createPrivateKey(key));
  const whole = der(0x30, certificate, algorithm, der(0x03, Buffer.of(0), signature));
  return { cert: new X509Certificate(whole).toString(), key };
}
