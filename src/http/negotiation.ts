import { LRUCache } from 'lru-cache';
import type { Accepted, MediaType } from '../exchange.ts';
import { isUtf8, parseMediaType } from './media-type.ts';

/** Interprets the value of an `Accept` header. */
export type Negotiate = (accept: string | undefined) => Accepted;

type Range = { name: string; weight: number };

/** Clients send few different values; each is up to 16 KiB long. */
const MAX_KNOWN = 100;

/** Browsers send eight. To read as many as fit into a header would take more than a millisecond. */
const MAX_RANGES = 50;

/** A stream is chosen only if the client prefers it to a plain answer. Within a rank, the type that the client names first wins. */
const RANKS: Record<MediaType, number> = {
  'application/json': 0,
  'application/graphql-response+json': 0,
  'multipart/mixed': 1,
  'text/event-stream': 2,
};
const MEDIA_TYPES = Object.keys(RANKS) as MediaType[];

/** All media types of answers, for messages and headers. */
export const ANSWER_TYPES = MEDIA_TYPES.join(', ');

/** Chooses by weight and specificity (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1). Remembers recent values. */
export function createNegotiation(): Negotiate {
  const known = new LRUCache<string, Accepted>({ max: MAX_KNOWN });
  return (accept = '') => {
    const before = known.get(accept);
    if (before) return before;
    const accepted = acceptedOf(accept);
    known.set(accept, accepted);
    return accepted;
  };
}

function acceptedOf(accept: string): Accepted {
  const all = accept.split(',', MAX_RANGES).filter((range) => range.trim() !== '');
  if (all.length === 0) return { mediaType: 'application/json', prefersPage: false, acceptsEvents: true };
  const ranges = all.flatMap((range) => rangeOf(range) ?? []);
  const [best] = MEDIA_TYPES.map((mediaType) => ({ mediaType, ...matchOf(mediaType, ranges) }))
    .filter(({ weight }) => weight > 0)
    .sort(
      (a, b) => b.weight - a.weight || RANKS[a.mediaType] - RANKS[b.mediaType] || a.position - b.position,
    );
  const pageWeight = ranges.find(({ name }) => name === 'text/html')?.weight ?? 0;
  return {
    mediaType: best?.mediaType,
    prefersPage: pageWeight > 0 && pageWeight >= (best?.weight ?? 0),
    acceptsEvents: matchOf('text/event-stream', ranges).weight > 0,
  };
}

/** A malformed range is ignored, and so is a malformed weight. */
function rangeOf(text: string): Range | undefined {
  const type = parseMediaType(text);
  if (!type || !isUtf8(type)) return undefined;
  const weight = Number.parseFloat(type.parameters.get('q') ?? '1');
  return { name: type.name, weight: Number.isNaN(weight) ? 1 : weight };
}

/** The weight of a type, by the most specific range that contains it, and the position of that range. */
function matchOf(mediaType: MediaType, ranges: Range[]): { weight: number; position: number } {
  for (const wanted of [mediaType, mediaType.replace(/\/.*/, '/*'), '*/*']) {
    const position = ranges.findIndex(({ name }) => name === wanted);
    const range = ranges[position];
    if (range) return { weight: range.weight, position };
  }
  return { weight: 0, position: 0 };
}
