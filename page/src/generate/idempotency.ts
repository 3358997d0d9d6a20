import { useRef } from 'react';

/**
 * The same key as long as the same is asked for, so that a second click, or a retry after an answer that was lost, makes no
 * second certificate. (`crypto.randomUUID` is there over HTTPS alone.)
 */
export function useIdempotencyKey(): (asked: unknown) => string {
  const last = useRef({ asked: '', key: '' });
  return (asked) => {
    const text = JSON.stringify(asked);
    if (last.current.asked !== text) last.current = { asked: text, key: randomKey() };
    return last.current.key;
  };
}

const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
