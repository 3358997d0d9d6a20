import type { List } from '../relay/list.ts';
import type { Page } from '../relay/pages.ts';
import type { Snapshot } from './snapshot.ts';

type Questions = {
  all: { kind: 'all' };
  page: { kind: 'page'; limit: number; position: string | undefined; onlyAws?: boolean };
  one: { kind: 'one'; id: string };
};

export type Kind = keyof Questions;

/**
 * A question about a collection: all of it, a page of AWS's list, or one item. A snapshot of the whole collection does not
 * answer a page with `onlyAws`, because only AWS can tell where its `position` is.
 */
export type Question<K extends Kind = Kind> = { [P in K]: { kind: P } & Questions[P] }[K];

/** The answers by kind of question. The whole collection may answer a page. Null means that an item does not exist. */
export type Answers<T> = { all: Snapshot<T>; page: Page<T> | Snapshot<T>; one: T | null };

/** A question with the answer that AWS gave. */
export type Answered<T> =
  | (Question<'all'> & { answer: Snapshot<T> })
  | (Question<'page'> & { answer: Page<T> })
  | (Question<'one'> & { answer: T | null });

/** The question without the answer, which would stay in memory. */
export function questionAnswered<T>({ answer: _, ...question }: Answered<T>): Question {
  return question;
}

/** A question that AWS answers with one call. */
export type SmallQuestion = Question<'page' | 'one'>;

/** The same with its answer. */
export type SmallAnswered<T> = Exclude<Answered<T>, { kind: 'all' }>;

/** Derives the answer to a question from an answer to any question; undefined if it does not follow. */
export type AnswerTo<T> = <K extends Kind>(
  question: Question<K>,
  from: Answered<T>,
) => Answers<T>[K] | undefined;

/** A key that is equal for equal questions. */
export function keyOf(question: Question): string {
  switch (question.kind) {
    case 'all':
      return 'all';
    case 'page':
      return `page ${question.limit} ${question.position ?? ''}`;
    case 'one':
      return `one ${question.id}`;
  }
}

/** Whether a snapshot of the whole collection answers the question. */
export const isPartOfAll = (question: Question): boolean => !(question.kind === 'page' && question.onlyAws);

/** Whether a read for `asked` answers the question in any case. */
export const isAnsweredBy = (question: Question, asked: Question): boolean =>
  (asked.kind === 'all' && isPartOfAll(question)) || keyOf(question) === keyOf(asked);

/** `list` is AWS's own list of the collection. */
export function createAnswerTo<T>({ idOf }: List<T>): AnswerTo<T> {
  function itemOn(page: Page<T>, id: string): T | undefined {
    page.byId ??= new Map(page.items.map((item) => [idOf(item), item]));
    return page.byId.get(id);
  }

  const rules: { [K in Kind]: (question: Question<K>, from: Answered<T>) => Answers<T>[K] | undefined } = {
    all: (_, from) => (from.kind === 'all' ? from.answer : undefined),
    page: (question, from) => {
      if (from.kind === 'all') return isPartOfAll(question) ? from.answer : undefined;
      return from.kind === 'page' && keyOf(question) === keyOf(from) ? from.answer : undefined;
    },
    one: ({ id }, from) => {
      if (from.kind === 'all') return from.answer.find(id);
      if (from.kind === 'page') return itemOn(from.answer, id);
      return from.id === id ? from.answer : undefined;
    },
  };
  return (question, from) => rules[question.kind](question, from);
}
