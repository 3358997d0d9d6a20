import { LRUCache } from 'lru-cache';
import { SCOPES } from '../auth/viewer.ts';
import type { Stamp } from '../aws/stamps.ts';
import type { AwsUse } from '../aws/use.ts';
import { createDoorkeeper } from '../collections/doorkeeper.ts';
import { type Exchange, type HttpResponse, isStream, LONG_TEXT, type Operation } from '../exchange.ts';
import { type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';

/** Gives an answer again to the same question while what was read of AWS for it is fresh. */
export type ResponseCache = {
  /** With an answer that was kept, at once, or with one that is made now. */
  answer(exchange: Exchange, body: string, execute: Execute): MaybePromise<HttpResponse>;
};

type Execute = () => MaybePromise<HttpResponse>;

export type ResponseCacheOptions = {
  /** Whether what was read of AWS with this stamp is what would be read now. */
  isFresh: (stamp: Stamp) => boolean;
  now: () => Date;
};

type KeptOperation = Operation & { awsUse: AwsUse };

/** An answer, and the operation whose it was. */
type CachedResponse = {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer>;
  isAscii: boolean;
  operation: KeptOperation;
  /** The one that is made in its place. */
  renewal: Promise<HttpResponse> | undefined;
};

/** All of them together, and one. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** What an entry takes besides its texts. */
const ENTRY_BYTES = 1024;

/**
 * Keeps answers to queries that went well, from the second time on that they are asked. A question is, to the letter,
 * what is asked and how, and what the viewer may see. No answer outlives a write, or the moment at which a status or a
 * number of days in it changes, and one with these is not given where the clock was set back. Those who ask again while an answer is renewed
 * wait for that.
 */
export function createResponseCache({ isFresh, now }: ResponseCacheOptions): ResponseCache {
  const answers = new LRUCache<string, CachedResponse>({
    maxSize: MAX_BYTES,
    maxEntrySize: MAX_ANSWER_BYTES,
    sizeCalculation: ({ body }, key) => 2 * key.length + body.length + ENTRY_BYTES,
  });
  const admits = createDoorkeeper();

  const isGood = (operation: Operation): operation is KeptOperation =>
    operation.errors.length === 0 &&
    operation.awsUse?.staleMs === 0 &&
    operation.awsUse.stamps.values().every(isFresh) &&
    isTrueAt(operation, now().getTime());

  /** One that cannot be given again takes the place of none, and nobody waits for the next like it. */
  function keep(key: string, { operation }: Exchange, { status, headers, body }: HttpResponse): void {
    if (operation?.type !== 'query' || !isGood(operation) || body === null || isStream(body))
      return void answers.delete(key);
    if (!answers.has(key) && !admits(key)) return;
    answers.set(key, {
      status,
      headers: { ...headers },
      body: typeof body === 'string' && body.length > LONG_TEXT ? Buffer.from(body) : body,
      isAscii: typeof body === 'string' && Buffer.byteLength(body) === body.length,
      operation: { ...operation, awsUse: { ...operation.awsUse } },
      renewal: undefined,
    });
  }

  const make = (key: string, exchange: Exchange, execute: Execute): MaybePromise<HttpResponse> =>
    mapMaybePromise(execute(), (response) => {
      keep(key, exchange, response);
      return response;
    });

  /** Where there was an answer, it is to a query: a mutation never waits for another. */
  async function renew(key: string, exchange: Exchange, execute: Execute): Promise<HttpResponse> {
    await answers.get(key)?.renewal?.catch(() => undefined);
    const kept = answers.get(key);
    if (kept && isGood(kept.operation)) return again(exchange, kept);
    const making = make(key, exchange, execute);
    if (!kept || !(making instanceof Promise)) return making;
    kept.renewal = making;
    return making.finally(() => {
      if (kept.renewal === making) kept.renewal = undefined;
    });
  }

  return {
    answer: (exchange, body, execute) => {
      const key = keyOf(exchange, body);
      const kept = answers.get(key);
      if (!kept) return make(key, exchange, execute);
      return isGood(kept.operation) ? again(exchange, kept) : renew(key, exchange, execute);
    },
  };
}

const isTrueAt = ({ trueFromMs, trueUntilMs }: Operation, nowMs: number): boolean =>
  nowMs >= trueFromMs && nowMs < trueUntilMs;

function again(exchange: Exchange, kept: CachedResponse): HttpResponse {
  const { status, headers, body, isAscii, operation } = kept;
  const awsUse = { ...operation.awsUse, calls: 0, joined: 0, reused: 1, durationMs: 0 };
  exchange.operation = { ...operation, awsUse };
  return { status, headers: { ...headers }, body, isAscii, isShared: true };
}

/** None of what comes before the body has a line break. */
function keyOf({ bodyType, accepted, viewer }: Exchange, body: string): string {
  const scopes = SCOPES.filter((scope) => viewer?.scopes.has(scope));
  return `${scopes}\n${bodyType}\n${accepted.mediaType}\n${body}`;
}
