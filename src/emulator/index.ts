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
import { type FoundRoute, findRoute } from './routes.ts';
import { type ApiSeed, type Example, type RestApiSeed, seed } from './seeds.ts';
import { type Credentials, verifySignature } from './signature.ts';
import { createStore } from './store/store.ts';
import { createThrottles } from './throttle.ts';
import { generateRsaKeyPair, type KeyPair } from './x509.ts';

export type EmulatorOptions = {
  /** A SQLite file. Without one, the emulator keeps everything in memory. */
  path?: string | undefined;
  /**
   * Certificates, REST APIs, and WebSocket or HTTP APIs that exist from the start, regardless of
   * quotas. A store that has a certificate or an API already gets none of them. They are made in
   * the background, without requests, and the first request waits for them.
   */
  examples?: Example[];
  restApis?: RestApiSeed[];
  apis?: ApiSeed[];
  /**
   * The maximum number of certificates. AWS's default per account and region is 60 (Service Quotas
   * L-824C9E42).
   */
  quota?: number;
  /**
   * The throttle of all operations together, on AWS 10 per second with a burst of 40. 0 per second
   * disables it.
   */
  requestsPerSecond?: number;
  burst?: number;
  /** Hosts that may be called as backends, besides loopback addresses. Each may have a port. */
  backends?: readonly string[];
  /** Certificates in PEM that are trusted in backends, besides the public ones. */
  backendCa?: string | undefined;
  /**
   * Requests must be signed with these. Without them, requests need credentials, but any are
   * accepted.
   */
  credentials?: Credentials | undefined;
  now?: () => Date;
  generateKeyPair?: () => Promise<KeyPair>;
  /**
   * Whether a request's `host` may have this value; by default it may have any. Foreign pages use
   * their own host names.
   */
  isAllowedHost?: (host: string) => boolean;
  /**
   * Called for each request that names an operation, with the labels in its path, such as
   * `restApiId` and `stageName`. Returns what goes wrong. Names of API Gateway V2's operations end
   * in ` (v2)`: `GetStages (v2)`.
   */
  fault?: (operation: string, labels: Labels) => Fault | undefined;
};

/** How long a client may take to send the headers of a request, and all of it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * How long a silent connection stays open. No AWS client waits longer than a minute for an answer.
 */
const SILENCE_MS = 80_000;

/** One process of the service uses 50 at most. */
const MAX_CONNECTIONS = 1000;

/**
 * An HTTP server that behaves like Amazon API Gateway: its control plane for client certificates,
 * APIs, stages and tags, and the execution of REST APIs. The AWS SDKs and the CLI can use it. It
 * does not listen yet. Closing it closes its store.
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
  ready.catch(() => undefined); // the requests that wait for it report it

  /** Refuses web pages. Browsers send `sec-fetch-site` with a page's images and links, too. */
  function checkClient({ httpVersion, headers }: IncomingMessage): void {
    const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
    if (httpVersion === '1.1' && host === '') throw chosen.hostMissing();
    const isOfPage = origin !== undefined || /^(cross|same)-site$/.test(String(site));
    if (isOfPage || !isAllowedHost(host)) throw chosen.notForPages();
  }

  /**
   * The order of the checks is: page, credentials, size, signature, throttle, route, input,
   * operation.
   */
  async function operate(
    message: IncomingMessage,
    response: ServerResponse,
    url: URL,
    found: FoundRoute | undefined,
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
      date: now().toUTCString(), // the SDKs correct their clocks by it
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
      requireHostHeader: false, // Node would answer at once, however many requests are pipelined
    },
    inOrder((message, response) => void serve(message, response)),
  );
  server.on('checkExpectation', (message, response) => server.emit('request', message, response)); // for the same reason
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = SILENCE_MS;
  return server.once('close', () => account.store.close());
}

/**
 * Every error is an answer. Any but an `AwsError` is a defect of the emulator, and looks like a
 * failure of AWS.
 */
function toAnswer(error: unknown): Answer {
  const { status, errorType, body } = error instanceof AwsError ? error : chosen.internal(error);
  return { status, headers: { 'x-amzn-errortype': errorType }, body };
}
