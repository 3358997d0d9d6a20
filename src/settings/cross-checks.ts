import { regionComplaints } from './accounts.ts';
import { keysForNobody, missingForAuth } from './auth-settings.ts';
import { redisComplaints } from './redis-settings.ts';
import { timeoutComplaints } from './request-settings.ts';
import type { Values } from './setting.ts';
import type { SETTINGS } from './settings.ts';
import { tlsComplaints } from './tls-settings.ts';

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

/** The settings whose value may also be in a file. */
const IN_FILES = ['API_KEYS', 'NOTIFY_WEBHOOKS', 'CALENDAR_TOKENS', 'REDIS_URL'];

const givenTwice = (env: Readonly<Record<string, string | undefined>>): string[] =>
  IN_FILES.filter((name) => env[name] && env[`${name}_FILE`]).map(
    (name) => `${name}_FILE: expected it without ${name}, got both`,
  );

/**
 * Complaints about settings that are valid by themselves but not together. A value is undefined if it could
 * not be parsed, which another complaint says already.
 */
export function crossCheck(
  values: Partial<Values<typeof SETTINGS>>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const { AUTH, HOST = '', ALLOW_UNAUTHENTICATED, ACCOUNTS = [], AWS_REGIONS = [] } = values;
  const complaints = [
    ...regionComplaints(ACCOUNTS, AWS_REGIONS),
    ...givenTwice(env),
    ...redisComplaints(values),
    ...timeoutComplaints(values, values.MAX_SUBSCRIPTIONS),
  ];
  if (values.ONLY_TRUSTED_DOCUMENTS && values.PAGE === false && !env['TRUSTED_DOCUMENTS'])
    complaints.push(
      'TRUSTED_DOCUMENTS: expected a file, since ONLY_TRUSTED_DOCUMENTS is true and PAGE is false; got none',
    );
  if (values.ONLY_TRUSTED_DOCUMENTS && values.GRAPHIQL === 'true')
    complaints.push('GRAPHIQL: expected auto or false, since ONLY_TRUSTED_DOCUMENTS is true; got true');
  if (AUTH === undefined) return complaints;
  complaints.push(
    ...missingForAuth(AUTH, env),
    ...keysForNobody(AUTH, env),
    ...issuerComplaints(values),
    ...tlsComplaints(AUTH, values),
  );
  if (AUTH === 'none' && !LOOPBACK.test(HOST) && !ALLOW_UNAUTHENTICATED)
    complaints.push(
      `HOST: expected a loopback address, since anyone who reaches the service may use it; got ${JSON.stringify(HOST)} ` +
        '(AUTH=jwt, AUTH=api-key, AUTH=mtls or ALLOW_UNAUTHENTICATED=true allows it)',
    );
  return complaints;
}
