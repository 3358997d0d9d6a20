import type { Tokens } from './oidc.ts';
import type { OidcSettings } from './settings.ts';

/** The credential of the person, which this object alone keeps: a reload forgets it. */
export type Session = {
  credential(): string | undefined;
  /** Whether the page has to ask for a credential now, for the first time or once more. */
  asking(): Asking;
  subscribe(listener: () => void): () => void;
  /** Forgets the credential, and resolves when there is another one, from the issuer or the person. */
  renewed(): Promise<void>;
  accept(tokens: Tokens): void;
};

export type Asking = 'not' | 'first' | 'again';

export type SessionOptions = {
  isNeeded: boolean;
  oidc: OidcSettings | undefined;
};

export function createSession({ isNeeded, oidc }: SessionOptions): Session {
  const listeners = new Set<() => void>();
  let tokens: Tokens | undefined;
  let asking: Asking = isNeeded ? 'first' : 'not';
  let waiting = Promise.withResolvers<void>();

  function ask(next: Asking): void {
    asking = next;
    for (const listener of listeners) listener();
  }

  function accept(given: Tokens): void {
    tokens = given;
    waiting.resolve();
    waiting = Promise.withResolvers();
    ask('not');
  }

  async function fromIssuer(): Promise<Tokens | undefined> {
    const { refreshToken } = tokens ?? {};
    tokens = undefined;
    if (!oidc || !refreshToken) return undefined;
    const { refreshed } = await import('./oidc.ts');
    return refreshed(oidc, refreshToken).catch(() => undefined);
  }

  return {
    credential: () => tokens?.accessToken,
    asking: () => asking,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    renewed: async () => {
      const given = await fromIssuer();
      if (given) return accept(given);
      if (asking === 'not') ask('again');
      return waiting.promise;
    },
    accept,
  };
}
