import type { X509Certificate } from 'node:crypto';
import { UnauthenticatedError } from '../errors/errors.ts';
import { readEntries } from '../errors/input-issues.ts';
import { isScope, SCOPES, type Scope, type Viewer } from './viewer.ts';

/** The scopes of clients by the common names of their certificates; `*` is every other name. */
export type MtlsClients = ReadonlyMap<string, ReadonlySet<Scope>>;

/** Any other certificate of the authorities. */
const OTHERS = '*';

/** Reads `NAME scope scope` entries, separated by commas. */
export function parseMtlsClients(text: string): { value: MtlsClients; complaints: string[] } {
  const clients = new Map<string, ReadonlySet<Scope>>();
  const complaints = readEntries(text, (entry) => {
    const [name = '', ...words] = entry.split(/\s+/);
    const unknown = words.find((word) => !isScope(word));
    const wrong: string[] = [];
    if (words.length === 0) wrong.push(`expected scopes (${SCOPES.join(' ')}) after the name, got none`);
    if (unknown !== undefined)
      wrong.push(`expected scopes (${SCOPES.join(' ')}), got ${JSON.stringify(unknown)}`);
    if (clients.has(name)) wrong.push(`expected no name twice, got ${JSON.stringify(name)} again`);
    clients.set(name, new Set(words.filter(isScope)));
    return wrong;
  });
  if (clients.size === 0) complaints.push('expected an entry, got none');
  return { value: clients, complaints };
}

/**
 * The error of a caller whose certificate is missing, has expired since the connection began, or is not of the authorities:
 * TLS has checked it against them before.
 */
export function certificateError(
  certificate: X509Certificate | undefined,
  now: Date,
): UnauthenticatedError | undefined {
  if (!certificate) return new UnauthenticatedError('missing', 'no accepted client certificate was sent');
  return certificate.validToDate < now
    ? new UnauthenticatedError('expired', 'the client certificate has expired')
    : undefined;
}

/** The viewer whom the subject of a certificate names. A name without an entry may do nothing. */
export function viewerOf(clients: MtlsClients, certificate: X509Certificate): Viewer | UnauthenticatedError {
  const name = commonNameOf(certificate);
  if (name === undefined)
    return new UnauthenticatedError(
      'invalid',
      'the subject of the client certificate has no common name, or several',
    );
  return { name, scopes: clients.get(name) ?? clients.get(OTHERS) ?? new Set<Scope>() };
}

/** Of the subject; undefined if it has none or several. */
function commonNameOf(certificate: X509Certificate): string | undefined {
  const { CN: name } = certificate.toLegacyObject().subject;
  return typeof name === 'string' && name !== '' && name !== OTHERS ? name : undefined;
}
