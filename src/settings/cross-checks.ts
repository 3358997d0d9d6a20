import { missingForAuth } from './auth-settings.ts';
import type { Values } from './setting.ts';
import type { SETTINGS } from './settings.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;

/**
 * Complaints about settings that are good by themselves, but not together. A value that could not be read is
 * undefined, and nothing is said about it again.
 */
export function crossCheck(
  { AUTH, HOST = '', ALLOW_UNAUTHENTICATED }: Partial<Values<typeof SETTINGS>>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (AUTH === undefined) return [];
  const complaints = missingForAuth(AUTH, env);
  if (AUTH === 'none' && !LOOPBACK.test(HOST) && !ALLOW_UNAUTHENTICATED)
    complaints.push(
      `HOST: expected a loopback address, since anyone who reaches the service may use it; got ${JSON.stringify(HOST)} ` +
        '(AUTH=jwt, AUTH=api-key or ALLOW_UNAUTHENTICATED=true allows it)',
    );
  return complaints;
}
