import { expect, test } from 'vitest';
import { createSeenPages } from '../../src/shared-reads/seen-pages.ts';

const page = (position: string | undefined, onlyAws = false) => ({
  kind: 'page' as const,
  limit: 2,
  position,
  onlyAws,
});

test('pages that AWS began are read from AWS, and others from the whole collection', () => {
  const pages = createSeenPages(3);
  pages.add({ ...page(undefined), answer: { items: [], position: 'known' } }, page(undefined), 1);
  for (const question of [page(undefined), page('known'), page('known', true)]) {
    expect(pages.toAsk(question)).toEqual(question);
    expect(pages.isLost(question)).toBe(false);
  }
  expect(pages.toAsk(page('other'))).toEqual({ kind: 'all' });
  expect(pages.isLost(page('other'))).toBe(false);
  expect(pages.isLost(page('other', true))).toBe(true);
});

test('a page that only AWS can find is never answered from the whole collection, however large it is', () => {
  const pages = createSeenPages(3);
  pages.addTooMany();
  expect(pages.toAsk(page('other'))).toEqual(page('other'));
  expect(pages.isLost(page('other', true))).toBe(false);
  pages.add({ kind: 'all', answer: { items: [], find: () => null, sorted: () => [] } }, { kind: 'all' }, 2);
  expect(pages.toAsk(page('other', true))).toEqual(page('other', true));
});
