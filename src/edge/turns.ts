/** For how long operations are executed in one turn of the event loop. Kept answers and health checks wait for its end. */
const MAX_TURN_MS = 0.5;

/**
 * Has operations begin one after the other, and after a while in the next turn of the event loop, so that others get
 * something of it however many come at once.
 */
export function createTurns(elapsedMs: () => number): () => Promise<void> {
  let last = Promise.resolve();
  let turnBeganAtMs: number | undefined;

  async function begin(): Promise<void> {
    if (turnBeganAtMs !== undefined && elapsedMs() - turnBeganAtMs > MAX_TURN_MS) await nextTurn();
    if (turnBeganAtMs !== undefined) return;
    turnBeganAtMs = elapsedMs();
    setImmediate(() => {
      turnBeganAtMs = undefined;
    });
  }

  return () => {
    last = last.then(begin);
    return last;
  };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
