import type { Logger } from 'pino';
import type { Exchange } from '../../exchange.ts';

/** Logs that a page was refused because of its origin: the browser only says "Failed to fetch". */
export type RefusedOrigins = (exchange: Exchange, what: 'preflight' | 'request') => void;

export type RefusedOriginsOptions = {
  log: Logger;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/** One line per minute for each origin and kind, and this many in all, since anyone can invent origins. */
const MINUTE_MS = 60_000;
const MAX_LINES_A_MINUTE = 20;

/** The client chooses the origin, which may be as long as a header. */
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
