import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createThrottle } from '../src/emulator/throttle.ts';
import { createCertificateWriter } from './simulated-certificates.ts';
import { createCollection } from './simulated-collection.ts';
import { accountIdOfKey, answerOfSts } from './simulated-sts.ts';
import { BURST, behaviourOf, LATENCY_MS, numbersOf, placesOf, REQUESTS_PER_SECOND } from './world.ts';

/** What was asked: answered calls by operation, and others. */
export type SimulatedCounts = {
  calls: Record<string, number>;
  /** Calls that are never answered. */
  hung: number;
  /** Calls that were refused with a 429, because the account and region always does that, or has no token left. */
  throttled: number;
  overspent: number;
  /** Calls to an account and region that does not exist. */
  strange: number;
  /** The largest number of calls that were to be answered at the same time. */
  mostAtOnce: number;
};

/**
 * API Gateway and the Security Token Service of many accounts and regions, as far as reads of certificates need them.
 * The session of a role tells the account, and the scope of the signature the region. `/admin/counts` returns and
 * resets the counts.
 */
const { values } = parseArgs({
  options: {
    'account-regions': { type: 'string', default: '1' },
    faults: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
  },
});
const count = Number(values['account-regions']);
const write = await createCertificateWriter();
const accountRegions = new Map(
  placesOf(count).map((place) => [
    `${place.accountId} ${place.region}`,
    {
      behaviour: behaviourOf(place, count, values.faults),
      mayPass: createThrottle(REQUESTS_PER_SECOND, BURST),
      collection: createCollection(values.empty ? [] : numbersOf(place), write),
    },
  ]),
);
type AccountRegion = NonNullable<ReturnType<typeof accountRegions.get>>;

const THROTTLED = bytesOf({ message: 'Too Many Requests', retryAfterSeconds: null });
const NO_APIS = bytesOf({ item: [], items: [] });
const NOT_FOUND = bytesOf({ message: 'Invalid Client Certificate identifier specified' });
const STRANGE = bytesOf({ message: 'The security token included in the request is invalid' });

let counts = noCounts();
let atOnce = 0;

const server = createServer(async (request, response) => {
  const path = request.url ?? '/';
  if (path === '/admin/counts') {
    send(response, 200, bytesOf(counts));
    counts = noCounts();
    return;
  }
  const [accessKeyId, region] = scopeOf(request);
  if (request.method === 'POST') {
    const { operation, xml } = answerOfSts(new URLSearchParams(await text(request)), accessKeyId);
    return later(operation, response, 200, Buffer.from(xml));
  }
  request.resume();
  const found = accountRegions.get(`${accountIdOfKey(accessKeyId)} ${region}`);
  if (found) return answer(found, response, path);
  counts.strange += 1;
  later('', response, 403, STRANGE, 'UnrecognizedClientException');
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1', 4096);
await once(server, 'listening');

function answer(
  { behaviour, mayPass, collection }: AccountRegion,
  response: ServerResponse,
  path: string,
): void {
  if (behaviour === 'hangs') {
    counts.hung += 1;
  } else if (behaviour === 'throttles' || !mayPass(performance.now())) {
    counts[behaviour === 'throttles' ? 'throttled' : 'overspent'] += 1;
    later('', response, 429, THROTTLED, 'TooManyRequestsException');
  } else if (path.startsWith('/restapis')) later('GetRestApis', response, 200, NO_APIS);
  else if (path.startsWith('/v2/apis')) later('GetApis', response, 200, NO_APIS);
  else if (path.startsWith('/clientcertificates/')) {
    const one = collection.one(path.slice('/clientcertificates/'.length));
    later(
      'GetClientCertificate',
      response,
      one ? 200 : 404,
      one ?? NOT_FOUND,
      one ? '' : 'NotFoundException',
    );
  } else {
    const { searchParams } = new URL(path, 'http://aws');
    const page = collection.page(Number(searchParams.get('limit') ?? 25), searchParams.get('position'));
    later('GetClientCertificates', response, 200, page);
  }
}

/** The access key and the region of a signature: `AWS4-HMAC-SHA256 Credential=KEY/20261128/REGION/apigateway/…`. */
function scopeOf({ headers }: IncomingMessage): [accessKeyId: string, region: string] {
  const [, accessKeyId = '', region = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return [accessKeyId, region];
}

function later(
  operation: string,
  response: ServerResponse,
  status: number,
  body: Buffer,
  errorType?: string,
): void {
  if (operation) counts.calls[operation] = (counts.calls[operation] ?? 0) + 1;
  atOnce += 1;
  counts.mostAtOnce = Math.max(counts.mostAtOnce, atOnce);
  setTimeout(() => {
    atOnce -= 1;
    send(response, status, body, errorType);
  }, LATENCY_MS);
}

function send(response: ServerResponse, status: number, body: Buffer, errorType?: string): void {
  response.writeHead(status, {
    'content-type': body[0] === 0x3c ? 'text/xml' : 'application/json',
    'content-length': body.length,
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
    ...(errorType && { 'x-amzn-errortype': errorType }),
  });
  response.end(body);
}

function noCounts(): SimulatedCounts {
  return { calls: {}, hung: 0, throttled: 0, overspent: 0, strange: 0, mostAtOnce: 0 };
}

function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
