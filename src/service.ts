import { createServer as createHttpServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Viewer } from './auth/viewer.ts';
import { createApiGateway } from './aws/api-gateway.ts';
import { createContext } from './graphql/context.ts';
import { listen } from './http/listener.ts';
import { textOfUnreadable } from './http/unreadable.ts';
import { pollExpirations } from './observability/expiration-poller.ts';
import { createMetrics } from './observability/metrics.ts';
import { createClientCertificateCache } from './resources/client-certificates/cache.ts';
import { createServer } from './server.ts';
import { type Config, ConfigError } from './settings/config.ts';

export type ServiceOptions = {
  config: Config;
  log: Logger;
  /** Where to find API Gateway, if not where the SDK finds it. */
  upstream?: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
};

export type Service = { url: string; region: string; stop(): Promise<void> };

/** Who reads the certificates for their metric. */
const METRICS: Viewer = { name: 'metrics', scopes: new Set(['client-certificates:read']) };

/**
 * Starts all that a process of the service is made of. `stop` first says 503 at `/ready`, for balancers to look
 * elsewhere, then takes no new connection, answers what was asked, and ends what runs in the background.
 */
export async function startService({ config, log, upstream }: ServiceOptions): Promise<Service> {
  const metrics = createMetrics();
  const apiGateway = await createApiGateway({
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: config.UPSTREAM_REQUEST_TIMEOUT_MS,
    callsPerSecond: config.UPSTREAM_CALLS_PER_SECOND,
    onHeldBack: metrics.heldBack,
    onDenied: metrics.denied,
    onCall: (call) => {
      metrics.awsCall(call);
      log.debug(call, 'AWS call');
    },
    ...upstream,
  }).catch((error) => {
    throw new ConfigError(`AWS_REGION: expected a region such as us-east-1: ${error.message}`);
  });
  const ending = new AbortController();
  const cache = createClientCertificateCache({ config, apiGateway, signal: ending.signal });
  const isReady = () => !ending.signal.aborted;
  const { listener } = await createServer({ config, apiGateway, cache, log, metrics, isReady });
  const server = createHttpServer(
    {
      headersTimeout: config.HEADERS_TIMEOUT_MS,
      requestTimeout: config.HEADERS_TIMEOUT_MS + config.REQUEST_TIMEOUT_MS,
      keepAliveTimeout: config.IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
      requireHostHeader: false, // the edge says what is wrong
    },
    listener,
  );
  // Node would refuse what it does not know; nobody has to (https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.maxConnections = config.MAX_CONNECTIONS;
  server.timeout = config.REQUEST_TIMEOUT_MS + config.IDLE_TIMEOUT_MS; // on which nothing is read or written
  const socket = await listen(server, config.HOST, config.PORT, textOfUnreadable);

  const contextOf = createContext({ config, apiGateway, cache });
  const expirations = metrics.expirations({ region: apiGateway.region, tagKeys: config.METRIC_TAGS });
  const read = async () => {
    const { clientCertificates, awsUse } = contextOf({ viewer: METRICS, gone: () => ending.signal });
    const certificates = await clientCertificates.all();
    // What stands in while AWS does not answer was read earlier.
    return { certificates, readAtMs: Date.now() - performance.now() + awsUse.readAtMs };
  };
  void pollExpirations({
    read,
    onRead: expirations.read,
    onFailure: expirations.failed,
    everyMs: config.EXPIRY_REFRESH_MS,
    log,
    signal: ending.signal,
  });

  return {
    url: socket.url,
    region: apiGateway.region,
    stop: async () => {
      ending.abort();
      await wait(config.DRAIN_DELAY_MS);
      await socket.stop(config.DRAIN_TIMEOUT_MS);
      apiGateway.client.destroy();
    },
  };
}
