import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inOrder } from '../http-limits/in-order.ts';
import { createBodyReader } from '../http-limits/request-bodies.ts';
import { type AccountRegionName, DEFAULT } from './account-region-name.ts';
import { createAccountRegions } from './account-regions.ts';
import { createAuthentication } from './authentication.ts';
import { createBackends } from './backends/backends.ts';
import { createBodies } from './body.ts';
import { createClientCheck } from './client-check.ts';
import { createControlPlane, toAnswer } from './control-plane.ts';
import { createExecution, isExecution } from './execution/execute.ts';
import { deliver, type FaultOf } from './fault.ts';
import { type Seeds, seedAll } from './seeds.ts';
import { createSessions } from './sessions.ts';
import type { Credentials } from './signature.ts';
import { createStores } from './store/store.ts';
import type { Trust } from './sts/assume-role.ts';
import { createSts, isSts } from './sts/sts.ts';
import { parseTarget } from './target.ts';
import { generateRsaKeyPair, type KeyPair } from './x509.ts';

/**
 * The `examples` (certificates), `restApis` and `apis` (WebSocket or HTTP APIs) exist from the start
 * in us-east-1 of the account 123456789012, regardless of quotas. An account and region that has a
 * certificate or an API already gets none of its own. They are made in the background, without
 * requests, and the first request waits for them.
 */
export type EmulatorOptions = Seeds & {
  /** A SQLite file. Without one, the emulator keeps everything in memory. */
  path?: string | undefined;
  /** More accounts and regions with something from the start. Each is named once. */
  accountRegions?: (AccountRegionName & Seeds)[];
  /**
   * The maximum number of certificates per account and region. AWS's default is 60 (Service Quotas
   * L-824C9E42).
   */
  quota?: number;
  /**
   * The throttle of all operations of API Gateway in an account and region, on AWS 10 per second
   * with a burst of 40. 0 per second disables it.
   */
  requestsPerSecond?: number;
  burst?: number;
  /** Hosts that may be called as backends, besides loopback addresses. Each may have a port. */
  backends?: readonly string[];
  /** Certificates in PEM that are trusted in backends, besides the public ones. */
  backendCa?: string | undefined;
  /**
   * Requests must be signed with these, which belong to the account 123456789012, or by a session
   * of AssumeRole. Without them, requests need credentials, but any are accepted: an access key id
   * that is an account's id belongs to that account, and any other to 123456789012.
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
   * `restApiId` and `stageName`, and the account and region that the request is for. Returns what
   * goes wrong. Names of API Gateway V2's operations end in ` (v2)`: `GetStages (v2)`. Those of STS
   * end in ` (sts)`, and have the request's parameters as labels: `RoleArn`.
   */
  fault?: FaultOf;
  /** Whether a role may be assumed. By default, every role may, by anyone. */
  trust?: Trust;
};

/** How long a client may take to send the headers of a request, and all of it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * How long a silent connection stays open. No AWS client waits longer than a minute for an answer.
 */
const SILENCE_MS = 80_000;

/** With one account and region, a process of the service uses 50 at most. */
const MAX_CONNECTIONS = 1000;

/**
 * An HTTP server that behaves like Amazon API Gateway: its control plane for client certificates,
 * APIs, stages and tags, and the execution of REST APIs; and like as much of STS as it takes to
 * assume a role. The AWS SDKs and the CLI can use it. It does not listen yet. Closing it closes its
 * store.
 */
export function createEmulator({
  path,
  accountRegions: more = [],
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
  trust = () => true,
  ...seeds
}: EmulatorOptions = {}): Server {
  const callBackend = createBackends(backends, backendCa);
  const stores = createStores(path);
  const parts = { quota, now, generateKeyPair, callBackend };
  const accountRegions = createAccountRegions(stores, { requestsPerSecond, burst }, parts);
  const ready = seedAll(
    [{ ...DEFAULT, ...seeds }, ...more].map(({ accountId, region, ...own }) => ({
      accountRegion: accountRegions.of({ accountId, region }),
      seeds: own,
    })),
    generateKeyPair,
  );
  ready.catch(() => undefined); // the requests that wait for it report it

  const read = createBodyReader();
  const readBody = createBodies(read);
  const execute = createExecution(accountRegions, read);
  const checkClient = createClientCheck(isAllowedHost);
  const sessions = createSessions(credentials?.secretAccessKey ?? '');
  const authentication = createAuthentication(credentials, sessions, now);
  const ofAll = { authentication, checkClient, readBody, fault, now };
  const answerSts = createSts({ ...ofAll, sessions, trust });
  const answerControlPlane = createControlPlane({ ...ofAll, accountRegions, ready });

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = parseTarget(message.url ?? '/', 'http://emulator') ?? new URL('http://emulator/');
    if (isExecution(url)) return invoke(message, response, url);
    if (isSts(message, url)) return answerSts(message, response, url);
    return answerControlPlane(message, response, url);
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
    inOrder((message, response) => {
      serve(message, response).catch(() => response.destroy()); // a defect costs one connection, not the process
    }),
  );
  server.on('checkExpectation', (message, response) => server.emit('request', message, response)); // for the same reason
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = SILENCE_MS;
  return server.once('close', () => stores.close());
}
