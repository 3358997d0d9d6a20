import type { Logger } from 'pino';
import type { Exchange } from '../../exchange.ts';

/** Tells the log that a page was refused for its origin, since its browser says nothing but "Failed to fetch". */
export type RefusedOrigins = (exchange: Exchange, what: 'preflight' | 'request') => void;

export type RefusedOriginsOptions = {
  log: Logger;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/** One line a minute for each origin and what it was refused, and no more than this: anyone can make origins up. */
const MINUTE_MS = 60_000;
const MAX_LINES_A_MINUTE = 20;

/** An origin comes from the client; it may be as long as a header. */
const MAX_ORIGIN_LENGTH = 200;

export function createRefusedOrigins({ log, elapsedMs }: RefusedOriginsOptions): RefusedOrigins {
  const told = new Set<string>();
  let sinceMs = elapsedMs();
  return ({ request, requestId }, what) => {
    if (elapsedMs() - sinceMs >= MINUTE_MS) {
      told.clear();
      sinceMs = elapsedMs();
    }
    const origin = request.header('origin')?.slice(0, MAX_ORIGIN_LENGTH);
    const line = `${what} ${origin}`;
    if (told.has(line) || told.size >= MAX_LINES_A_MINUTE) return;
    told.add(line);
    log.warn(
      { requestId, address: request.address, origin, refused: what, setting: 'CORS_ORIGINS' },
      'a page was refused, since CORS_ORIGINS does not have its origin',
    );
  };
}
