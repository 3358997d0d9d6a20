import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readEntries } from '../errors/input-issues.ts';
import { isScope, SCOPES, type Scope, type Viewer } from './viewer.ts';

/** An API key as the service knows it: the SHA-256 of the key, not the key itself. Names may repeat. */
export type ApiKey = Viewer & { readonly hash: Uint8Array };

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const HASH = /^[0-9a-f]{64}$/i;

/** What `isApiKeyName` accepts, in words. */
export const EXPECTED_NAME = '1 to 64 letters, digits and . _ -';

export const isApiKeyName = (name: string): boolean => NAME.test(name);

/** A new key for the caller, and the entry of `API_KEYS` by which the service knows it. */
export function createApiKey(name: string): { key: string; entry: string } {
  const key = `certway_${randomBytes(32).toString('base64url')}`;
  return { key, entry: `${name}=${sha256(key).toString('hex')} ${SCOPES.join(' ')}` };
}

/**
 * Reads `name=SHA256HEX scope scope` entries, separated by commas. Complaints name an entry by its number and
 * quote nothing of it, since a misplaced word may be a key.
 */
export function parseApiKeys(text: string): { value: ApiKey[]; complaints: string[] } {
  const apiKeys: ApiKey[] = [];
  const complaints = readEntries(text, (entry) => {
    const { apiKey, wrong } = parseEntry(entry);
    const isRepeated = apiKeys.some(({ hash }) => Buffer.compare(hash, apiKey.hash) === 0);
    if (wrong.length === 0 && isRepeated)
      wrong.push('expected a hash that no other entry has, got one again');
    if (wrong.length === 0) apiKeys.push(apiKey);
    return wrong;
  });
  if (apiKeys.length + complaints.length === 0) complaints.push('expected an entry, got none');
  return { value: apiKeys, complaints };
}

function parseEntry(entry: string): { apiKey: ApiKey; wrong: string[] } {
  const [credential = '', ...words] = entry.split(/\s+/);
  const [name = '', hash = '', ...rest] = credential.split('=');
  const wrong: string[] = [];
  if (!NAME.test(name)) wrong.push(`expected a name of ${EXPECTED_NAME}, got something else`);
  if (!HASH.test(hash) || rest.length > 0)
    wrong.push(
      `expected the SHA-256 of a key behind "name=", 64 hexadecimal digits, got ${hash.length} characters`,
    );
  const unknown = words.findIndex((word) => !isScope(word));
  if (words.length === 0) wrong.push(`expected scopes (${SCOPES.join(' ')}), got none`);
  if (unknown !== -1)
    wrong.push(`expected scopes (${SCOPES.join(' ')}), got something else as number ${unknown + 1}`);
  const scopes = new Set<Scope>(words.filter(isScope));
  return { apiKey: { name, hash: Buffer.from(hash, 'hex'), scopes }, wrong };
}

/**
 * The viewer who owns this key. Every hash is compared in constant time, so that the duration reveals nothing
 * about the keys. A fast hash without salt is enough, since a key is 32 random bytes and cannot be guessed.
 */
export function findApiKey(apiKeys: readonly ApiKey[], key: string): Viewer | undefined {
  const sent = sha256(key);
  let found: Viewer | undefined;
  for (const { hash, name, scopes } of apiKeys) if (timingSafeEqual(hash, sent)) found = { name, scopes };
  return found;
}

const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();
