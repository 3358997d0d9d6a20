import type { MediaType } from '../exchange.ts';

type Form = { contentType: string; body(json: string): string };

const PLAIN = (json: string) => json;

/** JSON in the form of each media type, byte for byte as Yoga writes the answers of operations. */
const FORMS: Record<MediaType, Form> = {
  'application/json': { contentType: 'application/json; charset=utf-8', body: PLAIN },
  'application/graphql-response+json': {
    contentType: 'application/graphql-response+json; charset=utf-8',
    body: PLAIN,
  },
  // https://github.com/graphql/graphql-over-http/blob/main/rfcs/IncrementalDelivery.md
  'multipart/mixed': {
    contentType: 'multipart/mixed; boundary="-"',
    body: (json) =>
      `\r\n---\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}\r\n-----\r\n`,
  },
  // https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#distinct-connections-mode
  'text/event-stream': {
    contentType: 'text/event-stream',
    body: (json) => `:\n\nevent: next\ndata: ${json}\n\nevent: complete\ndata:\n\n`,
  },
};

/** The form of an answer for a client; plain JSON if the client accepts none of them. */
export const formOf = (mediaType: MediaType = 'application/json'): Form => FORMS[mediaType];
