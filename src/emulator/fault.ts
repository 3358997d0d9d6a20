import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { AccountRegionName } from './account-region-name.ts';
import { type AwsError, recorded } from './errors.ts';
import type { Labels } from './request.ts';

/** The answer that the emulator is about to send. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: object | undefined;
  /** By default, the body is written as JSON. */
  format?: Format;
};

/** How the body of an answer is written. */
export type Format = { contentType: string; write(body: object): string };

/** What goes wrong with a request for an operation. */
export type FaultOf = (
  operation: string,
  labels: Labels,
  accountRegion: AccountRegionName,
) => Fault | undefined;

/**
 * Something that goes wrong with one request. `error` and `lost` replace the operation. The others
 * happen after it: GenerateClientCertificate makes its certificate even if its answer is lost.
 */
export type Fault =
  | { kind: 'error'; error: AwsError }
  /** Another status, body and content type than the operation's, such as a load balancer's page. */
  | { kind: 'raw'; status: number; contentType: string; body: string }
  /** The request is never answered. */
  | { kind: 'no-answer' }
  /** The request is never answered, and its operation does not happen. */
  | { kind: 'lost' }
  /** Headers and half of the body, then silence. An answer without a body is never sent. */
  | { kind: 'stall' }
  /** As much as `stall`, then the connection is closed. */
  | { kind: 'cut-off' }
  | { kind: 'slow'; delayMs: number }
  /** This many blanks before the body, which JSON allows, sent as fast as the client reads. */
  | { kind: 'padded'; bytes: number }
  /** The answer is not sent before this promise settles. */
  | { kind: 'held'; until: Promise<unknown> }
  /** The body is changed before it is sent: broken items, ISO dates, a `position` that loops. */
  | { kind: 'change'; change: (body: Record<string, unknown>) => object };

/** A load balancer's error page instead of an answer. */
export const html502: Fault = {
  kind: 'raw',
  status: 502,
  contentType: 'text/html',
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
};

/** AWS refuses a change because of a concurrent one. */
export const conflict: Fault = { kind: 'error', error: recorded.concurrentModification() };

/**
 * The tag with which people who run the emulator alone can make changes of a certificate or a stage
 * fail.
 */
const FAULT_TAG = 'emulator:fault';

export function checkFaultTag(tags: Record<string, string>): void {
  if (tags[FAULT_TAG] === 'conflict') throw recorded.concurrentModification();
}

/** The first item of a list has no members. */
export const brokenItem: Fault = {
  kind: 'change',
  change: ({ item, ...rest }) => ({
    ...rest,
    item: Array.isArray(item) ? item.map((whole, i) => (i === 0 ? {} : whole)) : item,
  }),
};

/** Dates in ISO 8601, as in HAL, which the SDK for JavaScript cannot parse. */
export const isoDates: Fault = {
  kind: 'change',
  change: (body) =>
    JSON.parse(JSON.stringify(body), (key, value) =>
      key.endsWith('Date') && typeof value === 'number' ? new Date(value * 1000).toISOString() : value,
    ),
};

const BLANKS = Buffer.alloc(1024 * 1024, ' ');

async function* padded(text: string, bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0; left -= BLANKS.length) yield BLANKS.subarray(0, left);
  yield Buffer.from(text);
}

/** Sends the answer as the fault says. */
export function deliver(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  if (fault?.kind === 'no-answer') return;
  const { status, headers, text } = faulty(answer, fault);
  response.statusCode = status;
  response.setHeaders(new Map(Object.entries(headers)));
  if (fault?.kind === 'slow') setTimeout(() => response.end(text), fault.delayMs);
  else if (fault?.kind === 'padded') pipeline(padded(text, fault.bytes), response, () => undefined);
  else if (fault?.kind === 'held') fault.until.finally(() => response.end(text));
  else if (fault?.kind === 'stall' || fault?.kind === 'cut-off') {
    const stop = () => {
      if (fault.kind === 'cut-off') response.destroy();
    };
    const body = Buffer.from(text);
    if (body.length === 0) stop();
    else response.setHeader('content-length', body.length).write(body.subarray(0, body.length / 2), stop);
  } else response.end(text);
}

const JSON_FORMAT: Format = { contentType: 'application/json', write: JSON.stringify };

function faulty({ status, headers, body, format = JSON_FORMAT }: Answer, fault: Fault | undefined) {
  if (fault?.kind === 'raw')
    return { status: fault.status, headers: { 'content-type': fault.contentType }, text: fault.body };
  if (!body) return { status, headers, text: '' };
  const changed = fault?.kind === 'change' ? fault.change({ ...body }) : body;
  return {
    status,
    headers: { ...headers, 'content-type': format.contentType },
    text: format.write(changed),
  };
}
