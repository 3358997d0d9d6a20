import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CertwayError } from '../errors/errors.ts';
import type { Reading } from '../resources/read-all.ts';

export type ExpirationPollerOptions = {
  read: () => Promise<Reading>;
  onRead: (reading: Reading) => void;
  onFailure: (code: string) => void;
  everyMs: number;
  log: Logger;
  /** Whether the log says already that AWS does not answer. */
  isTold?: () => boolean;
  /** Stops the poller. */
  signal: AbortSignal;
  /** Resolves after `ms` milliseconds; it may reject once the signal is aborted. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/** The pause after a failed reading. It doubles with each further failure. */
const FIRST_RETRY_MS = 1000;

/**
 * Reads all certificates at once and then periodically for the expiration metrics, however often these are
 * scraped. If a reading fails, the last one stays valid and the next one comes sooner.
 */
export async function pollExpirations(options: ExpirationPollerOptions): Promise<void> {
  const { read, onRead, onFailure, everyMs, log, signal, isTold = () => false, wait = waitUnheld } = options;
  let failed = 0;
  while (!signal.aborted) {
    try {
      onRead(await read());
      failed = 0;
    } catch (error) {
      if (signal.aborted) return;
      failed += 1;
      const known = error instanceof CertwayError ? error : undefined;
      const code = known?.code ?? 'INTERNAL_SERVER_ERROR';
      onFailure(code);
      const reason = error instanceof Error ? error.message : String(error);
      const level = isTold() ? 'debug' : 'warn';
      log[level]({ code, reason, aws: known?.aws }, 'could not read the certificates for their metric');
    }
    const waitMs = failed === 0 ? everyMs : Math.min(FIRST_RETRY_MS * 2 ** (failed - 1), everyMs);
    await wait(waitMs, signal).catch(() => undefined);
  }
}

/** Does not keep the process alive. */
const waitUnheld = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal, ref: false });
