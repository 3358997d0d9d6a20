import { LRUCache } from 'lru-cache';
import { SCOPES } from '../auth/viewer.ts';
import type { Stamp } from '../aws/stamps.ts';
import type { AwsUse } from '../aws/use.ts';
import { createDoorkeeper } from '../doorkeeper.ts';
import type { Exchange, HttpResponse, Operation } from '../exchange.ts';
import type { MaybePromise } from '../maybe-promise.ts';

/** Gives an answer again to the same question while what was read of AWS for it is fresh. */
export type ResponseCache = {
  /** With an answer that was kept, at once, or with one that is made now. */
  answer(exchange: Exchange, body: string, execute: () => Promise<HttpResponse>): MaybePromise<HttpResponse>;
};

export type ResponseCacheOptions = {
  /** Whether what was read of AWS with this stamp is what would be read now. */
  isFresh: (stamp: Stamp) => boolean;
  now: () => Date;
};

/** An answer, and the operation whose it was. */
type CachedResponse = {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer<ArrayBuffer>;
  operation: Operation & { awsUse: AwsUse };
  /** The one that is made in its place. */
  renewal: Promise<HttpResponse> | undefined;
};

/** All of them together, and one. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** What an entry takes besides its texts. */
const ENTRY_BYTES = 1024;

/** All questions that were asked once. */
const MAX_ASKED_BYTES = 2 * 1024 * 1024;

/**
 * Keeps answers to queries that went well, from the second time on that they are asked. A question is, to the letter,
 * what is asked and how, and what the viewer may see. No answer outlives a write, or the moment at which a status or a
 * number of days in it changes. Those who ask again while an answer is renewed wait for that.
 */
export function createResponseCache({ isFresh, now }: ResponseCacheOptions): ResponseCache {
  const answers = new LRUCache<string, CachedResponse>({
    maxSize: MAX_BYTES,
    maxEntrySize: MAX_ANSWER_BYTES,
    sizeCalculation: ({ body }, key) => 2 * key.length + body.length + ENTRY_BYTES,
  });
  const admits = createDoorkeeper(MAX_ASKED_BYTES);

  const isGood = ({ operation: { awsUse, trueUntilMs } }: CachedResponse) =>
    awsUse.staleMs === 0 && awsUse.stamps.values().every(isFresh) && now().getTime() < trueUntilMs;

  function keep(key: string, { operation }: Exchange, { status, headers, body }: HttpResponse): void {
    if (operation?.type !== 'query' || operation.errors.length > 0) return;
    if (!operation.awsUse || typeof body !== 'string') return;
    if (!answers.has(key) && !admits(key)) return;
    answers.set(key, {
      status,
      headers: { ...headers },
      body: bytesOf(body),
      operation: { ...operation, awsUse: { ...operation.awsUse } },
      renewal: undefined,
    });
  }

  /** Where there was an answer, it is to a query: a mutation never waits for another. */
  async function make(
    key: string,
    exchange: Exchange,
    execute: () => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    await answers.get(key)?.renewal?.catch(() => undefined);
    const kept = answers.get(key);
    if (kept && isGood(kept)) return again(exchange, kept);
    const making = execute();
    if (kept) kept.renewal = making;
    const response = await making;
    if (kept?.renewal === making) kept.renewal = undefined;
    keep(key, exchange, response);
    return response;
  }

  return {
    answer: (exchange, body, execute) => {
      const key = keyOf(exchange, body);
      const kept = answers.get(key);
      return kept && isGood(kept) ? again(exchange, kept) : make(key, exchange, execute);
    },
  };
}

/** So short a text is sent in one piece with its headers; a longer one had better be bytes already. */
const SHORT = 8192;

const bytesOf = (text: string) => (text.length > SHORT ? Buffer.from(text) : text);

function again(exchange: Exchange, { status, headers, body, operation }: CachedResponse): HttpResponse {
  const awsUse = { ...operation.awsUse, calls: 0, joined: 0, reused: 1, durationMs: 0 };
  exchange.operation = { ...operation, awsUse };
  return { status, headers: { ...headers }, body };
}

/** None of what comes before the body has a line break. */
function keyOf({ bodyType, accepted, viewer }: Exchange, body: string): string {
  const scopes = SCOPES.filter((scope) => viewer?.scopes.has(scope));
  return `${scopes}\n${bodyType}\n${accepted.mediaType}\n${body}`;
}
