import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './connection.ts';
import { expectedCertificate, expectedPage, type PageData, withPlaces } from './expected.ts';
import { quantile } from './statistics.ts';
import type { StubCertificate } from './stub-certificates.ts';

/** How old the data of an answer may be when its request begins. */
export const MAX_AGE_MS = 1000;

export type Right = {
  answers: number;
  right: number;
  wrong: { failed: number; stale: number; other: number };
  /** How long right answers took; NaN if there were none. */
  p50Ms: number;
  p99Ms: number;
};

/** An answer to a request, and all times at which exactly these bytes came. */
type Heard = { id: string | undefined; answer: Answer; times: [startedAt: number, endedAt: number][] };

/** A new answer is compared with this many of the latest different answers to the same request. */
const COMPARED = 4;

/**
 * Collects answers while the load runs, and judges them when it is over. An answer to B (it has an `id`) must be that
 * certificate. An answer to A must be the first page as it was after some number of generates: at least those that were
 * answered `MAX_AGE_MS` before the request began, at most those that were sent before the answer came.
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
    /** A generate was answered, so it has happened. */
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
    /** `items` are all certificates at the end: the generated ones, latest first, then the others. */
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

/** The collection that an answer shows, by its number of generates; without one, any state fits the answer. */
type State = { generated?: number };

function dataOf({ status, text }: Answer): object | undefined {
  if (status !== 200) return undefined;
  const { data, errors } = JSON.parse(text());
  return errors === undefined && data ? data : undefined;
}

/** Undefined if the answer was not right at any time. */
function stateOf(data: object, id: string | undefined, items: StubCertificate[]): State | undefined {
  if (id !== undefined) {
    // Nothing changes an existing certificate.
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
