import type { Send } from '../aws/calls.ts';
import type { List, Placed } from '../relay/list.ts';
import { allPages, type Page } from '../relay/pages.ts';
import type { Answered, Question, SmallAnswered, SmallQuestion } from './question.ts';
import { createSnapshot } from './snapshot.ts';
import type { Codec } from './texts.ts';

/** How a collection is read from AWS. `send` makes a call on behalf of those who wait. */
export type Source<T> = {
  /** Identifies the collection within the process. */
  collection: string;
  /** AWS's own list. */
  list: List<T>;
  readPage(limit: number, position: string | undefined, send: Send): Promise<Page<T>>;
  /** Null if there is no such item. */
  readOne(id: string, send: Send): Promise<T | null>;
  /** How items are kept as texts. */
  codec: Codec<T>;
};

/** Asks AWS with one call. */
export async function askOnce<T>(
  { readPage, readOne }: Source<T>,
  question: SmallQuestion,
  send: Send,
): Promise<SmallAnswered<T>> {
  return question.kind === 'one'
    ? { ...question, answer: await readOne(question.id, send) }
    : { ...question, answer: await readPage(question.limit, question.position, send) };
}

/**
 * Answers by one small question after the other. For a collection of several pages, each page but the last is yielded before the
 * whole. Rejects with COLLECTION_TOO_LARGE if the whole has more than `maxPages`.
 */
export async function* answersTo<T>(
  list: List<T>,
  question: Question,
  ask: (question: SmallQuestion) => Promise<SmallAnswered<T>>,
  maxPages: number,
): AsyncGenerator<Answered<T>, void> {
  if (question.kind !== 'all') return yield await ask(question);
  const all: Placed<T>[] = [];
  for await (const { limit, position, page, items } of allPages(list, readPage, maxPages)) {
    all.push(...items);
    if (page.position !== undefined) yield { kind: 'page', limit, position, answer: page };
  }
  yield { kind: 'all', answer: createSnapshot(list, all) };

  async function readPage(limit: number, position: string | undefined): Promise<Page<T>> {
    const answered = await ask({ kind: 'page', limit, position });
    if (answered.kind !== 'page') throw new Error('no page is the answer to the question for one');
    return answered.answer;
  }
}
