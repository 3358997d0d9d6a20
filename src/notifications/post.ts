import type { Clock } from '../time/clock.ts';
import { DeliveryError, TIMEOUT_MS } from './sink.ts';

export type PostOptions = {
  headers: Record<string, string>;
  body: string;
  clock: Pick<Clock, 'now' | 'timeout'>;
};

/** The longest pause that a receiver can ask for. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/**
 * Posts to a URL of the settings. Rejects with a `DeliveryError` unless the answer is a 2xx. Redirects are not followed, so that no
 * receiver chooses who is asked; and nothing is read of the answer but its head.
 */
export async function post(url: string, { headers, body, clock }: PostOptions): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: clock.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new DeliveryError(`no answer: ${reasonOf(error)}`);
  });
  await response.body?.cancel().catch(() => undefined);
  const { ok, status } = response;
  if (ok) return;
  throw new DeliveryError(`answered ${status}`, {
    retryAfterMs: status === 410 ? MAX_RETRY_AFTER_MS : retryAfterMs(response, clock.now()),
    isTooMany: status === 413 || status === 415,
  });
}

/** Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs({ headers }: Response, now: Date): number {
  const text = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Math.min(Math.max(ms || 0, 0), MAX_RETRY_AFTER_MS);
}

/** A code such as ECONNREFUSED or a name, since messages may have the address. */
function reasonOf({ name, cause }: Error): string {
  if (!(cause instanceof Error)) return name;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
