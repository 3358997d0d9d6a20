/** A write of a text, from when it was sent until it was answered, in milliseconds of one clock. */
type Write = { text: string | null; sentAtMs: number; answeredAtMs: number };

/** What AWS had for each id, and so what a read may have found. */
export function createHistory(ids: readonly string[], nowMs: () => number) {
  const writes = new Map(
    ids.map((id): [string, Write[]] => [
      id,
      [{ text: null, sentAtMs: Number.NEGATIVE_INFINITY, answeredAtMs: 0 }],
    ]),
  );
  const of = (id: string): Write[] => writes.get(id) ?? [];

  return {
    /** Runs a write, before whose end there is no other to the same id. */
    async write(id: string, text: string, run: () => Promise<unknown>): Promise<void> {
      const write = { text, sentAtMs: nowMs(), answeredAtMs: Number.POSITIVE_INFINITY };
      of(id).push(write);
      await run();
      write.answeredAtMs = nowMs();
    },
    /** How long before the read began the text was replaced that it found: 0 if it was not, `Infinity` if it never was there. */
    ageMs(id: string, text: string | null, startedAtMs: number): number {
      const index = of(id).findIndex((write) => write.text === text);
      if (index === -1) return Number.POSITIVE_INFINITY;
      const next = of(id)[index + 1];
      return next ? Math.max(0, startedAtMs - next.answeredAtMs) : 0;
    },
  };
}
