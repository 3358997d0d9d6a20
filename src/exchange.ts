import type { Viewer } from './auth/viewer.ts';
import type { AwsUse } from './aws/calls.ts';

/** An HTTP request, whatever brought it: a socket, or a test. */
export type HttpRequest = {
  method: string;
  /** Its target as it came: a path and what follows it, or a whole URL. */
  url: string;
  /** By its name in lower case. */
  header(name: string): string | undefined;
  headers(): Record<string, string>;
  /** All of the body; undefined where it is larger than that, and then no more of it is kept. */
  body(maxBytes: number): Promise<Uint8Array | undefined>;
  /** Aborted when the client has gone. */
  gone(): AbortSignal;
  /** The IP address that it came from; undefined for a caller in this process. */
  address: string | undefined;
  /** Its `Host`, which a request has once at the most. */
  hosts: readonly string[];
  /** Whether it has to have one: by HTTP/1.1 (https://www.rfc-editor.org/rfc/rfc9112#section-3.2). */
  needsHost: boolean;
  /** Calls `run` once its connection is free again: its answer is out, or the client has gone. */
  onClose(run: () => void): void;
  /** Closes its connection, whatever has not been sent. */
  cutOff(): void;
};

/** Whether a request reads: HEAD is answered as GET is, without a body. */
export const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** What an answer to a GraphQL request can be. */
export type MediaType =
  | 'application/json'
  | 'application/graphql-response+json'
  | 'multipart/mixed'
  | 'text/event-stream';

/** What a client says that it can read. */
export type Accepted = {
  /** What its answer is to be; undefined where there is nothing that it accepts. */
  mediaType: MediaType | undefined;
  /** Whether it would rather have a page, as browsers do. */
  prefersPage: boolean;
};

/** An answer to one. The names of headers are in lower case. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array<ArrayBuffer>> | null;
};

/** Whether a body comes piece by piece. */
export const isStream = (body: HttpResponse['body']): body is AsyncIterable<Uint8Array<ArrayBuffer>> =>
  body instanceof Object && Symbol.asyncIterator in body;

/** The GraphQL operation of a request, as the log and the metrics tell of it, and what may be made of its answer. */
export type Operation = {
  /** What its client calls it. */
  name: string | undefined;
  type: 'query' | 'mutation' | 'subscription' | undefined;
  /** A hash of its document. */
  document: string | undefined;
  /** How many fields its answer may have. */
  cost: number;
  /** The codes of the errors of its answer. */
  errors: string[];
  awsUse: AwsUse | undefined;
  /** Until when its answer would be the same again, if AWS's were: in milliseconds since 1970. */
  trueUntilMs: number;
};

/** A request on its way through the service, and what has become known of it. */
export type Exchange = {
  request: HttpRequest;
  /** Without a slash at its end. */
  path: string;
  /** What follows the path from the question mark on, or nothing. */
  search: string;
  /** Every response is in this form, whoever makes it. */
  accepted: Accepted;
  /** Of a request with a body, once it is known that it can be read. */
  bodyType?: 'application/json' | 'application/graphql' | undefined;
  startedAtMs: number;
  requestId: string;
  /** Who sent it, once that is known. */
  viewer?: Viewer;
  /** Once it has been executed. */
  operation?: Operation;
};
