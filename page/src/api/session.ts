/** The credential of the person, which this object alone keeps: a reload forgets it. */
export type Session = {
  credential(): string | undefined;
  /** Whether the page has to ask for a credential now, and why it asks again. */
  asking(): Asking;
  subscribe(listener: () => void): () => void;
  /** Forgets the credential, and resolves when there is one that the service has accepted. */
  renewed(): Promise<void>;
  accept(credential: string): void;
};

export type Asking = 'not' | 'first' | 'again';

export function createSession(isNeeded: boolean): Session {
  const listeners = new Set<() => void>();
  let credential: string | undefined;
  let asking: Asking = isNeeded ? 'first' : 'not';
  let waiting = Promise.withResolvers<void>();

  function ask(next: Asking): void {
    asking = next;
    for (const listener of listeners) listener();
  }

  return {
    credential: () => credential,
    asking: () => asking,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    renewed: () => {
      if (asking === 'not') ask('again');
      credential = undefined;
      return waiting.promise;
    },
    accept: (given) => {
      credential = given;
      waiting.resolve();
      waiting = Promise.withResolvers();
      ask('not');
    },
  };
}
