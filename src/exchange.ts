import type { X509Certificate } from 'node:crypto';
import type { Viewer } from './auth/viewer.ts';
import type { AwsUse } from './aws/use.ts';

/** An HTTP request, from a socket or from a caller in this process. */
export type HttpRequest = {
  method: string;
  /** Its target as it came: a path with a query, or an absolute URL. */
  url: string;
  /** By its name in lower case. */
  header(name: string): string | undefined;
  headers(): Record<string, string>;
  /** The whole body; undefined if it is larger than `maxBytes`, of which no more is kept. */
  body(maxBytes: number): Promise<Uint8Array | undefined>;
  /** Aborted when the client has left. */
  gone(): AbortSignal;
  /** Whether the client has left. */
  hasLeft(): boolean;
  /** The client's IP address; undefined for a caller in this process. */
  address: string | undefined;
  /**
   * The certificate of the client, if TLS has accepted one; undefined for a caller in this process. While the request goes on, ask
   * `again`: once other authorities are trusted, only another handshake can say whether they include that of the certificate.
   * Then it is undefined, and the connection is closed.
   */
  certificate(again?: boolean): X509Certificate | undefined;
  /** Its `Host` headers; more than one is an error. */
  hosts: readonly string[];
  /** Whether a `Host` is required, as in HTTP/1.1 (https://www.rfc-editor.org/rfc/rfc9112#section-3.2). */
  needsHost: boolean;
  /** Calls `run` once the response was sent, or the client has left. */
  onClose(run: () => void): void;
  /** Closes the connection at once, even if a response is only partly sent. */
  cutOff(): void;
};

/** Whether a request is a GET, or a HEAD, which is answered as a GET without a body. */
export const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** The media types of GraphQL answers. */
export type MediaType =
  | 'application/json'
  | 'application/graphql-response+json'
  | 'multipart/mixed'
  | 'text/event-stream';

/** What the client accepts. */
export type Accepted = {
  /** The media type of the answer; undefined if the client accepts none that there is. */
  mediaType: MediaType | undefined;
  /** Whether it prefers an HTML page, as browsers do. */
  prefersPage: boolean;
  /** Whether it accepts an event stream, in which a subscription is answered. */
  acceptsEvents: boolean;
};

/** A response. Header names are in lower case. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array<ArrayBuffer>> | null;
  /** Whether the body is kept, and other responses may have the same. */
  isShared?: boolean;
  /** Whether a text is known to be ASCII, which is sent faster. */
  isAscii?: boolean;
};

/** A shorter text is sent in one piece with the headers. A longer one is sent faster as bytes. */
export const LONG_TEXT = 8192;

/** Whether a body is a stream. */
export const isStream = (body: HttpResponse['body']): body is AsyncIterable<Uint8Array<ArrayBuffer>> =>
  body instanceof Object && Symbol.asyncIterator in body;

/** The GraphQL operation of a request, for the log, the metrics and the response cache. */
export type Operation = {
  /** The name that the client gave it. */
  name: string | undefined;
  type: 'query' | 'mutation' | 'subscription' | undefined;
  /** A hash of its document. */
  document: string | undefined;
  /** An upper bound of the number of fields in its answer. */
  cost: number;
  /** The codes of the errors of its answer. */
  errors: string[];
  awsUse: AwsUse | undefined;
  /** From and until when the same AWS data give the same answer, in milliseconds since 1970: a status may change by time alone. */
  trueFromMs: number;
  trueUntilMs: number;
};

/** A request on its way through the service, and what is known about it so far. */
export type Exchange = {
  request: HttpRequest;
  /** Without a trailing slash. */
  path: string;
  /** The query with its question mark, or `''`. */
  search: string;
  /** The form of every response, whoever makes it. */
  accepted: Accepted;
  /** The media type of the body, once it was checked. */
  bodyType?: 'application/json' | 'application/graphql' | undefined;
  startedAtMs: number;
  requestId: string;
  /** How long it has waited for other replicas, if there are any. */
  waitedMs?: number;
  /** What it waits for to see their writes, and since when by the clock's `elapsedMs`. */
  catchingUp?: { caughtUp: Promise<unknown>; sinceMs: number };
  /** The caller, once authenticated. */
  viewer?: Viewer;
  /** Once it was executed. */
  operation?: Operation;
};
