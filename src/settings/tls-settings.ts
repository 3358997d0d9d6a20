import { mtlsClients } from './entry-parsers.ts';
import { text } from './parsers.ts';
import { setting } from './setting.ts';

/** Whether the service speaks HTTPS, and who its clients are by their own certificates. */
export const TLS_SETTINGS = {
  TLS_CERT_FILE: setting(
    text,
    '',
    'A PEM file with the certificate of the service and those between it and its authority; with it, the service speaks HTTPS.',
  ),
  TLS_KEY_FILE: setting(
    text,
    '',
    'With TLS_CERT_FILE: a PEM file with its private key, without a passphrase.',
  ),
  TLS_CLIENT_CA_FILE: setting(
    text,
    '',
    'With TLS_CERT_FILE and AUTH: a PEM file with the authorities of client certificates, which callers then need.',
  ),
  MTLS_CLIENTS: setting(
    mtlsClients,
    '* client-certificates:read',
    'With AUTH=mtls: the scopes of the common names of client certificates, as "NAME scope scope", separated by commas; * is every other name.',
  ),
};

/** What is wrong with these settings together, and with `AUTH`. */
export function tlsComplaints(
  auth: string | undefined,
  {
    TLS_CERT_FILE,
    TLS_KEY_FILE,
    TLS_CLIENT_CA_FILE,
  }: { readonly [Name in keyof typeof TLS_SETTINGS]?: unknown },
): string[] {
  const complaints: string[] = [];
  if (TLS_CERT_FILE && !TLS_KEY_FILE)
    complaints.push('TLS_KEY_FILE: expected a file, since TLS_CERT_FILE is one; got none');
  if (TLS_KEY_FILE && !TLS_CERT_FILE)
    complaints.push('TLS_CERT_FILE: expected a file, since TLS_KEY_FILE is one; got none');
  if (TLS_CLIENT_CA_FILE && !TLS_CERT_FILE && !TLS_KEY_FILE)
    complaints.push('TLS_CERT_FILE: expected a file, since TLS_CLIENT_CA_FILE is one; got none');
  if (TLS_CLIENT_CA_FILE && auth === 'none')
    complaints.push(
      'TLS_CLIENT_CA_FILE: expected it with AUTH=mtls, AUTH=jwt or AUTH=api-key, got it with AUTH=none',
    );
  return complaints;
}
