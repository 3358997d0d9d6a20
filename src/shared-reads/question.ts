import type { AwsCalls } from '../aws/calls.ts';
import type { List, Placed } from '../relay/list.ts';
import { allPages, type Page } from '../relay/pages.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';

/** How a collection is read at AWS. */
export type Upstream<T> = {
  /** AWS's own list. */
  list: List<T>;
  readPage(
    limit: number,
    position: string | undefined,
    calls: AwsCalls,
    signal: AbortSignal,
  ): Promise<Page<T>>;
  /** Null where there is no such item. */
  readOne(id: string, calls: AwsCalls, signal: AbortSignal): Promise<T | null>;
};

/**
 * What can be asked of a collection: all of it, a page of AWS's, or one item. `onlyAws` has a page that all of the
 * collection is no answer to, since nobody but AWS can tell where its `position` is.
 */
export type Want =
  | { kind: 'all' }
  | { kind: 'page'; limit: number; position: string | undefined; onlyAws?: boolean }
  | { kind: 'one'; id: string };

/** What AWS answered, and to what. */
export type Finding<T> =
  | { kind: 'all'; answer: Snapshot<T> }
  | { kind: 'page'; limit: number; position: string | undefined; answer: Page<T> }
  | { kind: 'one'; id: string; answer: T | null };

/** All of the collection is an answer to everything, so that a page may be answered by it too. */
export type Answer<T> = Snapshot<T> | Page<T> | T | null;

/** What tells one question from another. */
export function keyOf(want: Want): string {
  switch (want.kind) {
    case 'all':
      return 'all';
    case 'page':
      return `page ${want.limit} ${want.position ?? ''}`;
    case 'one':
      return `one ${want.id}`;
  }
}

/** Whether all of the collection answers it. */
export const isPartOfAll = (want: Want): boolean => !(want.kind === 'page' && want.onlyAws);

/** Whether what is found for `asked` answers `want`, whatever it is. */
export const isAnsweredBy = (want: Want, asked: Want): boolean =>
  (asked.kind === 'all' && isPartOfAll(want)) || keyOf(want) === keyOf(asked);

/** What a finding says to what is wanted; undefined where that is nothing. */
export function answerTo<T>({ idOf }: List<T>, want: Want, finding: Finding<T>): Answer<T> | undefined {
  if (finding.kind === 'all' && want.kind === 'one') return finding.answer.find(want.id);
  if (finding.kind === 'all') return isPartOfAll(want) ? finding.answer : undefined;
  if (keyOf(want) === keyOf(finding)) return finding.answer;
  if (finding.kind !== 'page' || want.kind !== 'one') return undefined;
  finding.answer.byId ??= new Map(finding.answer.items.map((item) => [idOf(item), item]));
  return finding.answer.byId.get(want.id);
}

/** Reads what is wanted. Of a collection of more than one page of AWS, each page is found first, then all of it. */
export async function* findings<T>(
  { list, readPage, readOne }: Upstream<T>,
  want: Want,
  calls: AwsCalls,
  { signal, maxPages }: { signal: AbortSignal; maxPages: number },
): AsyncGenerator<Finding<T>, void> {
  if (want.kind === 'one') return yield { ...want, answer: await readOne(want.id, calls, signal) };
  const read = (limit: number, position: string | undefined) => readPage(limit, position, calls, signal);
  if (want.kind === 'page') return yield { ...want, answer: await read(want.limit, want.position) };
  const all: Placed<T>[] = [];
  for await (const { limit, position, page, items } of allPages(list, read, maxPages)) {
    all.push(...items);
    if (page.position !== undefined) yield { kind: 'page', limit, position, answer: page };
  }
  yield { kind: 'all', answer: createSnapshot(list, all) };
}
