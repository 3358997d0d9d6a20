import { globSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const PAGES = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: ROOT.pathname });

const read = async (url: URL) => readFile(url, 'utf8');

/** The anchors that GitHub generates from headings. */
const anchorsOf = (page: string): string[] =>
  Array.from(page.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(PAGES)('no link in %s is broken', async (path) => {
  const url = new URL(path, ROOT);
  const links = Array.from(
    (await read(url)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g),
    ([, link = '']) => link,
  );
  for (const link of links) {
    const target = new URL(link, url);
    const anchor = target.hash.slice(1);
    target.hash = '';
    await access(target);
    if (anchor) expect(anchorsOf(await read(target)), link).toContain(anchor);
  }
});
