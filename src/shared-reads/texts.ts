import type { Page } from '../relay/pages.ts';
import type { SmallAnswered, SmallQuestion } from './question.ts';

/** How items are kept as JSON, in the form of this release. */
export type Codec<T> = {
  toJson(item: T): unknown;
  /** Resolves once everything is known that items are made of. The function takes anything: a broken item is one, too. */
  reader(): Promise<(json: unknown) => T>;
};

export function textOf<T>({ toJson }: Codec<T>, answered: SmallAnswered<T>): string {
  if (answered.kind === 'one')
    return JSON.stringify(answered.answer === null ? null : toJson(answered.answer));
  const { items, position } = answered.answer;
  return JSON.stringify({ items: items.map(toJson), position });
}

/** Throws if the text is none that `textOf` gives. */
export function answeredOf<T>(
  read: (json: unknown) => T,
  question: SmallQuestion,
  text: string,
): SmallAnswered<T> {
  const json: unknown = JSON.parse(text);
  if (question.kind === 'one') return { ...question, answer: json === null ? null : read(json) };
  return { ...question, answer: pageOf(read, json) };
}

function pageOf<T>(read: (json: unknown) => T, json: unknown): Page<T> {
  const { items, position } = Object(json) as { items?: unknown; position?: unknown };
  if (!Array.isArray(items) || (position !== undefined && typeof position !== 'string'))
    throw new Error('no page is kept there');
  return { items: items.map(read), position };
}
