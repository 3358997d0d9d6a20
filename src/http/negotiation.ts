import { LRUCache } from 'lru-cache';
import type { Accepted, MediaType } from '../exchange.ts';
import { isUtf8, parseMediaType } from './media-type.ts';

/** Finds out what a value of `Accept` asks for. */
export type Negotiate = (accept: string | undefined) => Accepted;

type Range = { name: string; weight: number };

/** Clients send few values; one is up to 16 KiB long. */
const MAX_KNOWN = 100;

/** Browsers send eight. To read all that fits into a header would take more than a millisecond, whoever sends it. */
const MAX_RANGES = 50;

/** A stream is for those who like it better than a plain answer. Of equal ranks, what the client names first is taken. */
const RANKS: Record<MediaType, number> = {
  'application/json': 0,
  'application/graphql-response+json': 0,
  'multipart/mixed': 1,
  'text/event-stream': 2,
};
const MEDIA_TYPES = Object.keys(RANKS) as MediaType[];

/** All that an answer can be, for messages and headers. */
export const ANSWER_TYPES = MEDIA_TYPES.join(', ');

/** By weight and specificity (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1). Remembers what came lately. */
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
  if (all.length === 0) return { mediaType: 'application/json', prefersPage: false };
  const ranges = all.flatMap((range) => rangeOf(range) ?? []);
  const [best] = MEDIA_TYPES.map((mediaType) => ({ mediaType, ...matchOf(mediaType, ranges) }))
    .filter(({ weight }) => weight > 0)
    .sort(
      (a, b) => b.weight - a.weight || RANKS[a.mediaType] - RANKS[b.mediaType] || a.position - b.position,
    );
  const pageWeight = ranges.find(({ name }) => name === 'text/html')?.weight ?? 0;
  return { mediaType: best?.mediaType, prefersPage: pageWeight > 0 && pageWeight >= (best?.weight ?? 0) };
}

/** What is malformed asks for nothing. A weight that cannot be read is as if it were not there. */
function rangeOf(text: string): Range | undefined {
  const type = parseMediaType(text);
  if (!type || !isUtf8(type)) return undefined;
  const weight = Number.parseFloat(type.parameters.get('q') ?? '1');
  return { name: type.name, weight: Number.isNaN(weight) ? 1 : weight };
}

/** How much a type is liked, by the most specific range that it is in, and where that stands. */
function matchOf(mediaType: MediaType, ranges: Range[]): { weight: number; position: number } {
  for (const wanted of [mediaType, mediaType.replace(/\/.*/, '/*'), '*/*']) {
    const position = ranges.findIndex(({ name }) => name === wanted);
    const range = ranges[position];
    if (range) return { weight: range.weight, position };
  }
  return { weight: 0, position: 0 };
}
