import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { allowBackends } from './allowed.ts';
import { connectTo } from './connect.ts';

/** A certificate with its private key, both in PEM. */
export type Identity = { certificate: string; privateKey: string };

export type BackendRequest = {
  url: URL;
  method: string;
  headers: OutgoingHttpHeaders;
  body: Buffer;
  /** What is presented to a backend that asks for a certificate, over https. */
  identity: Identity | undefined;
  insecureSkipVerification: boolean;
  /** Until the whole response has come. */
  timeoutMs: number;
};

/** Sends one request to a backend, whose response is still to be read. */
export type CallBackend = (request: BackendRequest) => Promise<IncomingMessage>;

/** So many identities are ready for use. To make one ready takes some milliseconds. */
const MAX_CONTEXTS = 100;

/**
 * The HTTP client of the emulator. `names` are the backends that may be called besides those of this machine, and `ca` has the
 * certificates that are trusted besides the public ones, in PEM. Each request has a connection of its own, so a change of
 * certificates on either side counts from the next request on. It follows no redirects.
 */
export function createBackends(names: readonly string[], ca: string | undefined): CallBackend {
  const allowed = allowBackends(names);
  const contexts = new Map<string, SecureContext>();

  function contextOf(identity: Identity | undefined): SecureContext {
    const key = identity?.certificate ?? '';
    const context =
      contexts.get(key) ??
      createSecureContext({
        ...(identity && { cert: identity.certificate, key: identity.privateKey }),
        ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
      });
    contexts.delete(key); // the one that was used last is the last
    contexts.set(key, context);
    const [oldest = ''] = contexts.keys();
    if (contexts.size > MAX_CONTEXTS) contexts.delete(oldest);
    return context;
  }

  return async ({ url, method, headers, body, identity, insecureSkipVerification, timeoutMs }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const secureContext = contextOf(identity);
    const socket = await connectTo(url, { allowed, secureContext, insecureSkipVerification, signal });
    socket.on('error', () => undefined); // who waits for the response is told
    const path = url.pathname + url.search;
    const all = { host: url.host, ...headers };
    try {
      const request = httpRequest({ method, path, headers: all, createConnection: () => socket });
      request.end(body);
      const [response] = await once(request, 'response');
      request.on('error', () => undefined); // from here on it is an error of the response
      return response;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}
