import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials } from './signature.ts';
import { uniqueId } from './unique-id.ts';

/** A role that someone has assumed. */
export type Session = { accessKeyId: string; roleArn: string; sessionName: string; expiresMs: number };

/** Temporary credentials. */
export type SessionCredentials = Credentials & { sessionToken: string };

export type Sessions = {
  start(role: Omit<Session, 'accessKeyId'>): SessionCredentials;
  /**
   * Undefined for a token that was not made by `start` with the same key. The key may be known to
   * everyone, so that anyone can make tokens.
   */
  find(token: string): Session | undefined;
  secretOf(token: string): string;
};

/** The bytes of an HMAC with SHA-256. */
const MAC_BYTES = 32;

/** 30 bytes are the 40 characters of a secret access key. */
const SECRET_BYTES = 30;

/**
 * Sessions that nobody keeps: a token says what it stands for, and its secret is computed from it.
 * Both need the key, by which an emulator still knows its tokens after a restart.
 */
export function createSessions(key: string): Sessions {
  const mac = (purpose: string, text: string | Buffer) =>
    createHmac('sha256', `${purpose} ${key}`).update(text).digest();
  const secretOf = (token: string) => mac('secret', token).subarray(0, SECRET_BYTES).toString('base64');

  return {
    start: (role) => {
      const session: Session = { accessKeyId: uniqueId('ASIA', 20, randomBytes(16)), ...role };
      const content = Buffer.from(JSON.stringify(session));
      const sessionToken = Buffer.concat([mac('token', content), content]).toString('base64');
      return { accessKeyId: session.accessKeyId, secretAccessKey: secretOf(sessionToken), sessionToken };
    },
    find: (token) => {
      const bytes = Buffer.from(token, 'base64');
      const content = bytes.subarray(MAC_BYTES);
      const isOurs =
        bytes.length > MAC_BYTES &&
        bytes.toString('base64') === token && // nothing that decoding ignores
        timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac('token', content));
      return isOurs ? parseSession(content.toString()) : undefined;
    },
    secretOf,
  };
}

/** Undefined for any text but that of a session. */
function parseSession(text: string): Session | undefined {
  try {
    const { accessKeyId, roleArn, sessionName, expiresMs } = JSON.parse(text);
    const isSession =
      [accessKeyId, roleArn, sessionName].every((member) => typeof member === 'string') &&
      typeof expiresMs === 'number';
    return isSession ? { accessKeyId, roleArn, sessionName, expiresMs } : undefined;
  } catch {
    return undefined;
  }
}
