import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { decodePosition, encodePosition } from '../src/emulator/position.ts';
import { createThrottle } from '../src/emulator/throttle.ts';
import {
  createStubCertificates,
  generateStubCertificate,
  type StubCertificate,
} from './stub-certificates.ts';

/** What the stub received: accepted calls by operation, and calls that it refused with a 429. */
export type StubCounts = { calls: Record<string, number>; throttledReads: number; throttledWrites: number };

/**
 * The part of API Gateway that the benchmark needs. It is quicker than the emulator, because it serialises each answer
 * once. `/admin/counts` returns and resets the counts, `/admin/certificates` returns the collection. Neither is counted
 * or throttled.
 */
const { values } = parseArgs({
  options: {
    certificates: { type: 'string', default: '60' },
    'latency-ms': { type: 'string', default: '0' },
    'requests-per-second': { type: 'string', default: '0' },
    burst: { type: 'string', default: '40' },
  },
});
const latencyMs = Number(values['latency-ms']);
const mayPass = createThrottle(Number(values['requests-per-second']), Number(values.burst));
const certificates = await createStubCertificates(Number(values.certificates));
const pages = new Map<string, Buffer>();
const items = new Map(
  certificates.map((certificate) => [certificate.clientCertificateId, bytesOf(certificate)]),
);
const THROTTLED = bytesOf({ message: 'Too Many Requests', retryAfterSeconds: null });
/** Its account has no APIs, so that reading their stages is two calls per minute. */
const NO_APIS = bytesOf({ item: [], items: [] });
const NOT_FOUND = bytesOf({ message: 'Invalid Client Certificate identifier specified' });
let generated = 0;
let counts = noCounts();

const server = createServer(async (request, response) => {
  const path = request.url ?? '/';
  if (path === '/admin/counts') {
    send(response, 200, bytesOf(counts));
    counts = noCounts();
  } else if (path === '/admin/certificates') send(response, 200, bytesOf(certificates));
  else if (mayPass(performance.now())) await operate(request, response, path);
  else {
    counts[request.method === 'GET' ? 'throttledReads' : 'throttledWrites'] += 1;
    request.resume();
    later(response, 429, THROTTLED, 'TooManyRequestsException');
  }
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
await once(server, 'listening');

async function operate(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  if (request.method === 'POST') {
    count('GenerateClientCertificate');
    const input = (await json(request)) as Pick<StubCertificate, 'description' | 'tags'>;
    later(response, 201, generate(input));
    return;
  }
  request.resume();
  if (path.startsWith('/restapis')) {
    count('GetRestApis');
    later(response, 200, NO_APIS);
  } else if (path.startsWith('/v2/apis')) {
    count('GetApis');
    later(response, 200, NO_APIS);
  } else if (path.startsWith('/clientcertificates/')) {
    count('GetClientCertificate');
    const item = items.get(path.slice('/clientcertificates/'.length));
    if (item) later(response, 200, item);
    else later(response, 404, NOT_FOUND, 'NotFoundException');
  } else {
    count('GetClientCertificates');
    later(response, 200, page(path));
  }
}

function generate(input: Pick<StubCertificate, 'description' | 'tags'>): Buffer {
  const [example] = certificates;
  if (!example) throw new Error('there is no certificate to copy');
  generated += 1;
  const certificate = generateStubCertificate(generated, example, input);
  certificates.unshift(certificate);
  pages.clear();
  const bytes = bytesOf(certificate);
  items.set(certificate.clientCertificateId, bytes);
  return bytes;
}

function page(path: string): Buffer {
  const known = pages.get(path);
  if (known) return known;
  const { searchParams } = new URL(path, 'http://stub');
  const limit = Number(searchParams.get('limit') ?? 25);
  const position = searchParams.get('position');
  const after = position === null ? '' : decodePosition(position);
  const start = certificates.findIndex(({ clientCertificateId }) => clientCertificateId > after);
  const from = start === -1 ? certificates.length : start;
  const item = certificates.slice(from, from + limit);
  const last = from + limit < certificates.length ? item.at(-1) : undefined;
  const bytes = bytesOf({ item, ...(last && { position: encodePosition(last.clientCertificateId) }) });
  pages.set(path, bytes);
  return bytes;
}

function later(response: ServerResponse, status: number, body: Buffer, errorType?: string): void {
  if (latencyMs > 0) setTimeout(send, latencyMs, response, status, body, errorType);
  else send(response, status, body, errorType);
}

function send(response: ServerResponse, status: number, body: Buffer, errorType?: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
    ...(errorType && { 'x-amzn-errortype': errorType }),
  });
  response.end(body);
}

function count(operation: string): void {
  counts.calls[operation] = (counts.calls[operation] ?? 0) + 1;
}

function noCounts(): StubCounts {
  return { calls: {}, throttledReads: 0, throttledWrites: 0 };
}

function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
