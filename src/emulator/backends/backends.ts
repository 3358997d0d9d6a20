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
  /** Presented over https if the backend asks for a certificate. */
  identity: Identity | undefined;
  insecureSkipVerification: boolean;
  /** The time until the whole response has arrived. */
  timeoutMs: number;
  /** Aborted if nobody waits for the response any more. */
  signal: AbortSignal | undefined;
};

/** Sends one request to a backend. The caller reads the body of the response. */
export type CallBackend = (request: BackendRequest) => Promise<IncomingMessage>;

/** How many TLS contexts are kept. Making one takes some milliseconds. */
const MAX_CONTEXTS = 100;

/**
 * The emulator's HTTP client. `names` are hosts that may be called besides loopback addresses, and
 * `ca` are certificates in PEM that are trusted besides the public ones. Each request has its own
 * connection, so the next request notices a changed certificate on either side. It does not follow
 * redirects.
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
    contexts.delete(key); // the most recently used one is last
    contexts.set(key, context);
    const [oldest = ''] = contexts.keys();
    if (contexts.size > MAX_CONTEXTS) contexts.delete(oldest);
    return context;
  }

  return async ({ url, method, headers, body, identity, insecureSkipVerification, ...limits }) => {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const signal = limits.signal ? AbortSignal.any([timeout, limits.signal]) : timeout;
    signal.throwIfAborted(); // nothing would tell of it any more
    const secureContext = contextOf(identity);
    const socket = await connectTo(url, { allowed, secureContext, insecureSkipVerification, signal });
    socket.on('error', () => undefined); // the request or the response reports it
    const path = url.pathname + url.search;
    const all = { host: url.host, ...headers };
    try {
      const request = httpRequest({ method, path, headers: all, createConnection: () => socket });
      request.on('error', () => undefined); // reported below, or by the response
      const fail = (reason: string) => () => request.emit('error', new Error(reason));
      const refuse = fail('The backend has changed the protocol.');
      request.once('upgrade', refuse); // nothing else follows, not even an error when the socket is closed
      request.once('connect', refuse); // the same
      request.once('close', fail('The backend has not answered.'));
      request.end(body);
      const [response] = await once(request, 'response');
      return response;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}
