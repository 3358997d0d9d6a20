import { DeliveryError } from './sink.ts';

const FIRST_MS = 1000;

/** As often as the certificates are read by default. */
const LONGEST_MS = 15 * 60 * 1000;

/** The pause after so many failures in a row: 1 s, 2 s, 4 s and so on up to 15 minutes, or as long as the receiver asks for. */
export function nextPauseMs(failures: number, error: unknown): number {
  const asked = error instanceof DeliveryError ? error.retryAfterMs : 0;
  return Math.max(asked, Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS));
}
