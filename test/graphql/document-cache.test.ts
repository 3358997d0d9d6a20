import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createDocumentCache } from '../../src/graphql/document-cache.ts';

const document = parse('{ __typename }');

test('a document is kept once it is requested for the second time', () => {
  const cache = createDocumentCache();
  cache.set('a', document);
  expect([cache.has('a'), cache.get('a')]).toEqual([false, undefined]);
  cache.set('a', document);
  expect([cache.has('a'), cache.get('a')]).toEqual([true, document]);
});

test('a flood of other documents does not evict it', () => {
  const cache = createDocumentCache();
  for (const text of ['a', 'a']) cache.set(text, document);
  for (let i = 0; i < 100_000; i += 1) cache.set(`{ a${i}: __typename }`, document);
  expect(cache.has('a')).toBe(true);
});

test('the latest of many repeated documents are kept', () => {
  const cache = createDocumentCache();
  for (let i = 0; i < 1000; i += 1) for (const text of [`${i}`, `${i}`]) cache.set(text, document);
  const kept = Array.from({ length: 1000 }, (_, i) => i).filter((i) => cache.has(`${i}`));
  expect(kept).toEqual(Array.from({ length: 100 }, (_, i) => 900 + i));
});

test('each document that is not kept any more is told', () => {
  const forgotten: unknown[] = [];
  const cache = createDocumentCache((document) => forgotten.push(document));
  const documents = Array.from({ length: 102 }, () => parse('{ __typename }'));
  for (const [i, document] of documents.entries()) for (const _ of [1, 2]) cache.set(`${i}`, document);
  expect(forgotten).toEqual(documents.slice(0, 2));
});

test('a document that is too long is not kept', () => {
  const cache = createDocumentCache();
  const long = ' '.repeat(200_000);
  for (let i = 0; i < 3; i += 1) cache.set(long, document);
  expect(cache.has(long)).toBe(false);
});
