import type { Send } from '../aws/calls.ts';
import type { List, Placed } from '../relay/list.ts';
import { allPages, type Page } from '../relay/pages.ts';
import type { Answered, Question } from './question.ts';
import { createSnapshot } from './snapshot.ts';

/** How a collection is read from AWS. `send` makes a call on behalf of those who wait. */
export type Source<T> = {
  /** Identifies the collection within the process. */
  collection: string;
  /** AWS's own list. */
  list: List<T>;
  readPage(limit: number, position: string | undefined, send: Send): Promise<Page<T>>;
  /** Null if there is no such item. */
  readOne(id: string, send: Send): Promise<T | null>;
};

/** Makes one request on behalf of the owner of the read. */
export type Request = <R>(make: (send: Send) => Promise<R>) => Promise<R>;

/**
 * Asks AWS. For a collection of several pages, each page but the last is yielded before the whole. Rejects with
 * COLLECTION_TOO_LARGE if the whole has more than `maxPages`.
 */
export async function* askAws<T>(
  { list, readPage, readOne }: Source<T>,
  question: Question,
  request: Request,
  maxPages: number,
): AsyncGenerator<Answered<T>, void> {
  if (question.kind === 'one')
    return yield { ...question, answer: await request((send) => readOne(question.id, send)) };
  const read = (limit: number, position: string | undefined) =>
    request((send) => readPage(limit, position, send));
  if (question.kind === 'page')
    return yield { ...question, answer: await read(question.limit, question.position) };
  const all: Placed<T>[] = [];
  for await (const { limit, position, page, items } of allPages(list, read, maxPages)) {
    all.push(...items);
    if (page.position !== undefined) yield { kind: 'page', limit, position, answer: page };
  }
  yield { kind: 'all', answer: createSnapshot(list, all) };
}
