import { regionComplaints } from './accounts.ts';
import { missingForAuth } from './auth-settings.ts';
import type { Values } from './setting.ts';
import type { SETTINGS } from './settings.ts';

/** An issuer at which people sign in has its metadata under its own URL (https://openid.net/specs/openid-connect-discovery-1_0.html). */
function issuerComplaints({
  AUTH,
  JWT_ISSUER = '',
  OIDC_CLIENT_ID = '',
}: Partial<Values<typeof SETTINGS>>): string[] {
  if (AUTH !== 'jwt' || JWT_ISSUER === '' || OIDC_CLIENT_ID === '') return [];
  if (/^https?:$/.test(URL.parse(JWT_ISSUER)?.protocol ?? '')) return [];
  return [
    `JWT_ISSUER: expected an http or https URL, since OIDC_CLIENT_ID is set; got ${JSON.stringify(JWT_ISSUER)}`,
  ];
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;

/**
 * Complaints about settings that are valid by themselves but not together. A value is undefined if it could
 * not be parsed, which another complaint says already.
 */
export function crossCheck(
  values: Partial<Values<typeof SETTINGS>>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const { AUTH, HOST = '', ALLOW_UNAUTHENTICATED, ACCOUNTS = [], AWS_REGIONS = [] } = values;
  const complaints = regionComplaints(ACCOUNTS, AWS_REGIONS);
  if (AUTH === undefined) return complaints;
  complaints.push(...missingForAuth(AUTH, env), ...issuerComplaints(values));
  if (AUTH === 'none' && !LOOPBACK.test(HOST) && !ALLOW_UNAUTHENTICATED)
    complaints.push(
      `HOST: expected a loopback address, since anyone who reaches the service may use it; got ${JSON.stringify(HOST)} ` +
        '(AUTH=jwt, AUTH=api-key or ALLOW_UNAUTHENTICATED=true allows it)',
    );
  return complaints;
}
