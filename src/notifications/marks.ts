/** What was sent. `about` names the certificate of a notice. */
export type Mark = { id: string; about: string };

/**
 * Who sends a notice: this process (`mine`), another one that has just begun (`busy`), or nobody, since it was sent (`sent`).
 */
export type Claim = 'mine' | 'busy' | 'sent';

/** What a sink was told of an account and region. Nothing of it rejects. */
export type MarksIn = {
  /** All that was sent: `about` by id. */
  sent(): Promise<Map<string, string>>;
  /** Says who sends each of these. What is `mine` stays so for `CLAIM_MS`, unless it is marked or released before. */
  claim(ids: readonly string[]): Promise<Map<string, Claim>>;
  release(ids: readonly string[]): Promise<void>;
  /** Also releases them. */
  add(marks: readonly Mark[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
};

export type Marks = {
  /** Call it once for each sink, account and region. */
  in(sink: string, place: string): MarksIn;
  /** Whether they outlive the process. */
  areKept: boolean;
  close(): void;
};

/** Longer than any receiver may take. After a process was killed that was sending, another one sends. */
export const CLAIM_MS = 60_000;

/** Where marks outlive the process. Undefined means that it does not answer. */
export type MarkStore = Omit<MarksIn, 'sent' | 'claim'> & {
  sent(): Promise<Map<string, string> | undefined>;
  claim(ids: readonly string[]): Promise<Map<string, Claim> | undefined>;
};

/** Marks in the memory of the process: after its start, it repeats what is due once. */
export const createMemoryMarks = (): Marks => ({
  in: () => rememberingMarks(),
  areKept: false,
  close: () => undefined,
});

/**
 * The marks of a store, if there is one. The process remembers its own: where the store does not answer, it goes on with them, and a
 * store that was emptied gets them back.
 */
export function rememberingMarks(store?: MarkStore): MarksIn {
  const known = new Map<string, string>();
  return {
    sent: async () => {
      const kept = await store?.sent();
      if (!kept) return new Map(known);
      const lost = Array.from(known, ([id, about]) => ({ id, about })).filter(({ id }) => !kept.has(id));
      if (lost.length > 0) await store?.add(lost);
      for (const [id, about] of kept) known.set(id, about);
      return new Map(known);
    },
    claim: async (ids) => {
      const claims = await store?.claim(ids);
      return new Map(ids.map((id) => [id, known.has(id) ? 'sent' : (claims?.get(id) ?? 'mine')]));
    },
    release: async (ids) => store?.release(ids),
    add: async (marks) => {
      for (const { id, about } of marks) known.set(id, about);
      await store?.add(marks);
    },
    remove: async (ids) => {
      for (const id of ids) known.delete(id);
      await store?.remove(ids);
    },
  };
}
