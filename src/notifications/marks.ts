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
export type MarkStore = Omit<MarksIn, 'sent' | 'claim' | 'add'> & {
  sent(): Promise<Kept | undefined>;
  claim(ids: readonly string[]): Promise<Map<string, Claim> | undefined>;
  /** Answers the era in which they are kept. */
  add(marks: readonly Mark[]): Promise<string | undefined>;
};

/** What a store keeps. An era lasts from its first mark until it is emptied, whatever is removed; its name is like no other. */
export type Kept = { era: string; marks: Mark[] };

/** Marks in the memory of the process: after its start, it repeats what is due once. */
export const createMemoryMarks = (): Marks => ({
  in: () => rememberingMarks(),
  areKept: false,
  close: () => undefined,
});

/** A mark that the process knows; of no era until the store has said that it keeps it. */
type Known = Mark & { era?: string | undefined };

/**
 * The marks of a store, if there is one. The process remembers its own: where the store does not answer, it goes on with them, and a
 * store that never got them, or was emptied, gets them later. What is gone in the same era, another process has removed.
 */
export function rememberingMarks(store?: MarkStore): MarksIn {
  const known = new Map<string, Known>();

  function know(marks: readonly Mark[], era?: string): void {
    for (const { id, about } of marks) known.set(id, { id, about, era });
  }

  async function add(marks: readonly Mark[]): Promise<void> {
    know(marks);
    const era = await store?.add(marks);
    const still = marks.filter(({ id }) => known.has(id));
    know(still, era);
  }

  async function follow({ era, marks }: Kept): Promise<void> {
    const ids = new Set(marks.map(({ id }) => id));
    const gone = Array.from(known.values()).filter(({ id }) => !ids.has(id));
    for (const { id } of gone) known.delete(id);
    know(marks, era);
    const lost = gone.filter((mark) => mark.era !== era);
    if (lost.length > 0) await add(lost);
  }

  return {
    sent: async () => {
      const kept = await store?.sent();
      if (kept) await follow(kept);
      return new Map(Array.from(known.values(), ({ id, about }) => [id, about]));
    },
    claim: async (ids) => {
      const claims = await store?.claim(ids);
      return new Map(ids.map((id) => [id, known.has(id) ? 'sent' : (claims?.get(id) ?? 'mine')]));
    },
    release: async (ids) => store?.release(ids),
    add,
    remove: async (ids) => {
      for (const id of ids) known.delete(id);
      await store?.remove(ids);
    },
  };
}
