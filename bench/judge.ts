import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './connection.ts';
import { expectedCertificate, expectedPage, type PageData, withPlaces } from './expected.ts';
import { quantile } from './statistics.ts';
import type { StubCertificate } from './stub-certificates.ts';

/** How old the state of an answer may be when its request begins. */
export const MAX_AGE_MS = 1000;

export type Right = {
  answers: number;
  right: number;
  wrong: { failed: number; stale: number; other: number };
  /** How long right answers took; NaN where there was none. */
  p50Ms: number;
  p99Ms: number;
};

/** The same bytes to the same request, and when each was asked and answered. */
type Heard = { id: string | undefined; answer: Answer; times: [startedAt: number, endedAt: number][] };

/** Of all different answers to a request, how many of the latest are compared with a new one. */
const COMPARED = 4;

/**
 * Collects answers while the load runs, and judges them when it is over: an answer to B (it has an `id`) has to be that
 * certificate, one to A the first page as it was with some number of generated certificates. All that were answered for
 * `MAX_AGE_MS` when the request began have to be there, and none that was not even sent when the answer came.
 */
export function createJudge() {
  const heard = new Map<string | undefined, Heard[]>();
  const sentAt: number[] = [];
  const answeredAt: number[] = [];

  function isInTime({ generated }: State, startedAt: number, endedAt: number): boolean {
    if (generated === undefined) return true;
    const atLeast = answeredAt.filter((at) => at <= startedAt - MAX_AGE_MS).length;
    const atMost = sentAt.filter((at) => at <= endedAt).length;
    return generated >= atLeast && generated <= atMost;
  }

  return {
    /** A generate was sent. */
    sent: (at: number) => sentAt.push(at),
    /** A generate was answered: it happened. */
    answered: (at: number) => answeredAt.push(at),
    heard: (id: string | undefined, answer: Answer, startedAt: number, endedAt: number) => {
      const known = heard.get(id) ?? [];
      heard.set(id, known);
      const same = known
        .slice(-COMPARED)
        .find((other) => other.answer.status === answer.status && other.answer.bytes.equals(answer.bytes));
      if (same) same.times.push([startedAt, endedAt]);
      else known.push({ id, answer, times: [[startedAt, endedAt]] });
    },
    /** `items` are all certificates at the end, those that were generated first, the latest before the others. */
    judge: (items: StubCertificate[]): Right => {
      const wrong = { failed: 0, stale: 0, other: 0 };
      const tookMs: number[] = [];
      for (const { id, answer, times } of [...heard.values()].flat()) {
        const data = dataOf(answer);
        const state = data && stateOf(data, id, items);
        for (const [startedAt, endedAt] of times) {
          if (!data) wrong.failed += 1;
          else if (!state) wrong.other += 1;
          else if (!isInTime(state, startedAt, endedAt)) wrong.stale += 1;
          else tookMs.push(endedAt - startedAt);
        }
      }
      const right = tookMs.length;
      return {
        answers: right + wrong.failed + wrong.other + wrong.stale,
        right,
        wrong,
        p50Ms: quantile(tookMs, 0.5),
        p99Ms: quantile(tookMs, 0.99),
      };
    },
  };
}

/** What the collection was when an answer was right; without a number, it always is. */
type State = { generated?: number };

function dataOf({ status, text }: Answer): object | undefined {
  if (status !== 200) return undefined;
  const { data, errors } = JSON.parse(text());
  return errors === undefined && data ? data : undefined;
}

/** Undefined where the answer was never right. */
function stateOf(data: object, id: string | undefined, items: StubCertificate[]): State | undefined {
  if (id !== undefined) {
    // No certificate changes once it is there.
    const item = items.find(({ clientCertificateId }) => clientCertificateId === id);
    return item && isDeepStrictEqual(data, { clientCertificate: expectedCertificate(item) }) ? {} : undefined;
  }
  const page = data as PageData;
  const generated = page.clientCertificates.edges.filter(({ node }) => isGenerated(node)).length;
  const later = items.filter(isGenerated).length - generated;
  const isAsItWas = later >= 0 && isDeepStrictEqual(withPlaces(page), expectedPage(items.slice(later)));
  return isAsItWas ? { generated } : undefined;
}

const isGenerated = ({ clientCertificateId }: { clientCertificateId: string }) =>
  clientCertificateId.startsWith('0');
