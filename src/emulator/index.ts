import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inOrder } from '../http-limits/in-order.ts';
import { createBodyReader } from '../http-limits/request-bodies.ts';
import type { Account } from './account.ts';
import { createBackends } from './backends/backends.ts';
import { createBodies } from './body.ts';
import { AwsError, chosen, recorded } from './errors.ts';
import { createExecution, isExecution } from './execution/execute.ts';
import { type Answer, deliver, type Fault } from './fault.ts';
import { type Labels, parseBody, regionOf } from './request.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { type ApiSeed, type Example, type RestApiSeed, seed } from './seeds.ts';
import { type Credentials, verifySignature } from './signature.ts';
import { createStore } from './store/store.ts';
import { createThrottles } from './throttle.ts';
import { generateRsaKeyPair, type KeyPair } from './x509.ts';

export type EmulatorOptions = {
  /** A SQLite file; in memory without one. */
  path?: string | undefined;
  /**
   * Certificates, REST APIs, and WebSocket or HTTP APIs that are there from the start, whatever the quotas, unless the store
   * has any certificate or API already. They are made in the background, and the first request waits for them. To
   * make them takes no requests, and a thousand stages about 50 ms.
   */
  examples?: Example[];
  restApis?: RestApiSeed[];
  apis?: ApiSeed[];
  /** Certificates at most; AWS's default for an account and region is 60 (Service Quotas L-824C9E42). */
  quota?: number;
  /** AWS: 10 a second with bursts of 40, over all operations. 0 a second: no limit. */
  requestsPerSecond?: number;
  burst?: number;
  /** Backends that may be called, besides loopback addresses: hosts, which may have a port. */
  backends?: readonly string[];
  /** Certificates in PEM that backends are trusted by, besides the public ones. */
  backendCa?: string | undefined;
  /** Requests must be signed with these; without them any credentials will do, but there must be some. */
  credentials?: Credentials | undefined;
  now?: () => Date;
  generateKeyPair?: () => Promise<KeyPair>;
  /** Whether a request may name this host as the one that it is for; any, without it. Pages have names of their own. */
  isAllowedHost?: (host: string) => boolean;
  /**
   * Asked for each request that names an operation, with the labels in its path, such as `restApiId` and `stageName`;
   * what it returns goes wrong. Operations of API Gateway V2 have ` (v2)` after their names: `GetStages (v2)`.
   */
  fault?: (operation: string, labels: Labels) => Fault | undefined;
};

/** For how long a client may send the headers of a request, and all of it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** A connection on which nothing moves is closed then; no client of AWS waits for an answer for longer than a minute. */
const SILENCE_MS = 80_000;

/** A process of the service has 50 at the most. */
const MAX_CONNECTIONS = 1000;

/**
 * An HTTP server that is Amazon API Gateway's control plane for client certificates, the stages that use them, and their
 * tags: the AWS SDKs and the CLI talk to it as to AWS. It does not listen yet; closing it closes its store.
 */
export function createEmulator({
  path,
  examples = [],
  restApis = [],
  apis = [],
  quota = 60,
  requestsPerSecond = 10,
  burst = 40,
  backends = [],
  backendCa,
  credentials,
  now = () => new Date(),
  generateKeyPair = generateRsaKeyPair,
  isAllowedHost = () => true,
  fault = () => undefined,
}: EmulatorOptions = {}): Server {
  const callBackend = createBackends(backends, backendCa);
  const account: Account = { store: createStore(path), quota, now, generateKeyPair, callBackend };
  const read = createBodyReader();
  const readBody = createBodies(read);
  const execute = createExecution(account, read);
  const mayPass = createThrottles(requestsPerSecond, burst);
  const ready = seed(account, { certificates: examples, restApis, apis });
  ready.catch(() => undefined); // a request that waits for it reports it; nobody else does

  /** Pages of browsers are refused; `sec-fetch-site` tells of their images and links. */
  function checkClient({ httpVersion, headers }: IncomingMessage): void {
    const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
    if (httpVersion === '1.1' && host === '') throw chosen.hostMissing();
    const isOfPage = origin !== undefined || /^(cross|same)-site$/.test(String(site));
    if (isOfPage || !isAllowedHost(host)) throw chosen.notForPages();
  }

  /** The order of the checks: page, credentials, size, signature, throttle, route, input, operation. */
  async function operate(
    message: IncomingMessage,
    response: ServerResponse,
    url: URL,
    found: Found | undefined,
  ): Promise<Answer> {
    const { authorization, accept = '' } = message.headers;
    checkClient(message);
    if (authorization === undefined) throw recorded.missingAuthenticationToken();
    const bytes = await readBody(message, response);
    if (credentials) verifySignature(message, url, bytes, credentials, now());
    if (!mayPass(found?.route.operation, now().getTime())) throw recorded.throttled();
    if (!found) throw chosen.unknownRoute();
    const { route, labels } = found;
    const request = {
      labels,
      query: url.searchParams,
      body: parseBody(bytes),
      region: regionOf(authorization),
    };
    await ready;
    const body = await route.answer(account, request, url, accept.includes('application/json'));
    return { status: route.status, headers: {}, body };
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(message.url ?? '/', 'http://emulator') ?? new URL('http://emulator/');
    if (isExecution(url)) return invoke(message, response, url);
    const found = findRoute(message.method, url.pathname);
    const injected = found && fault(found.route.operation, found.labels);
    if (injected?.kind === 'lost') return;
    const answer = await (injected?.kind === 'error'
      ? Promise.reject(injected.error)
      : operate(message, response, url, found)
    ).catch(toAnswer);
    Object.assign(answer.headers, {
      date: now().toUTCString(), // by which the SDKs set their clocks right
      'x-amzn-requestid': randomUUID(),
      'x-amz-apigw-id': `${randomBytes(11).toString('base64url')}=`,
    });
    deliver(response, answer, injected);
  }

  async function invoke(message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      checkClient(message);
      await ready;
    } catch (error) {
      return deliver(response, toAnswer(error), undefined);
    }
    await execute(message, response, url);
  }

  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
      requireHostHeader: false, // Node would answer those without one by itself, however many are sent ahead
    },
    inOrder((message, response) => void serve(message, response)),
  );
  server.on('checkExpectation', (message, response) => server.emit('request', message, response)); // as above
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = SILENCE_MS;
  return server.once('close', () => account.store.close());
}

type Found = { route: Route; labels: Labels };

function findRoute(method: string | undefined, path: string): Found | undefined {
  for (const route of routes) {
    const labels = route.method === method ? route.match(path) : undefined;
    if (labels) return { route, labels };
  }
  return undefined;
}

/** Every error is an answer; one that is not AWS's is a defect of ours, and looks like a failure of AWS. */
function toAnswer(error: unknown): Answer {
  const { status, errorType, body } = error instanceof AwsError ? error : chosen.internal(error);
  return { status, headers: { 'x-amzn-errortype': errorType }, body };
}
