import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ClientCertificate } from './client-certificate.ts';
import type { CertwayError } from './errors.ts';

export type ExpiryWatchOptions = {
  read: () => Promise<ClientCertificate[]>;
  onRead: (certificates: ClientCertificate[]) => void;
  everyMs: number;
  log: Logger;
  /** Ends the watch. */
  signal: AbortSignal;
};

/**
 * Reads all certificates now and every so often, for who watches their expiration; never more often than that,
 * however often that one asks. Where a reading fails, the last one stands.
 */
export async function watchExpiry({ read, onRead, everyMs, log, signal }: ExpiryWatchOptions): Promise<void> {
  while (!signal.aborted) {
    await read()
      .then(onRead)
      .catch((error) => {
        if (signal.aborted) return;
        const { code, aws }: Partial<CertwayError> = error;
        log.warn({ code, reason: error.message, aws }, 'could not read the certificates for their metric');
      });
    await wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
