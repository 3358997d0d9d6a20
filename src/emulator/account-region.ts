import { randomInt } from 'node:crypto';
import type { AccountRegionName } from './account-region-name.ts';
import type { CallBackend } from './backends/backends.ts';
import type { Store } from './store/store.ts';
import type { KeyPair } from './x509.ts';

/** One AWS account in one region. It shares nothing with any other. */
export type AccountRegion = AccountRegionName & {
  store: Store;
  /** The maximum number of certificates. */
  quota: number;
  now: () => Date;
  generateKeyPair: () => Promise<KeyPair>;
  callBackend: CallBackend;
};

/**
 * A new id of `[a-z0-9]`, as in AWS's documentation: APIs have 10 characters, most other things
 * have 6.
 */
export function newId(isTaken: (id: string) => boolean, length = 6): string {
  const id = Array.from({ length }, () => randomInt(36).toString(36)).join('');
  return isTaken(id) ? newId(isTaken, length) : id;
}

/** AWS's dates have whole seconds. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** ISO 8601 without fractions. */
export const isoSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
