import { ENDPOINT, headersOf } from '../api/client.ts';
import { hashOf } from '../api/trusted.ts';
import { VIEWER } from '../api/viewer.tsx';

/** Asks the service whether it accepts what was typed; `problem` says what is wrong, in a sentence. */
export async function tryCredential(typed: string): Promise<{ credential: string; problem?: string }> {
  const credential = typed.trim().replace(/^Bearer\s+/i, '');
  if (credential === '') return { credential, problem: 'The field is empty.' };
  if (!/^[\x21-\x7e]+$/.test(credential))
    return { credential, problem: 'This cannot be one: it has blanks, or characters beyond ASCII.' };
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headersOf(credential) },
    body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(VIEWER) } } }),
  }).catch(() => undefined);
  if (response?.ok) return { credential };
  return { credential, problem: await problemOf(response) };
}

async function problemOf(response: Response | undefined): Promise<string> {
  if (!response) return 'The service cannot be reached.';
  const { errors = [] } = await response.json().catch(() => ({}));
  const what = response.status === 401 ? 'Not accepted' : 'It could not be tried';
  const requestId = response.headers.get('x-request-id') ?? 'none';
  return `${what} (${response.status}): ${errors[0]?.message ?? response.statusText} Request id: ${requestId}`;
}
