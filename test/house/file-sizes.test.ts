import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;
const MAX_LINES = 200;

test('no source has more than 200 lines, unless it is generated', async () => {
  const files = globSync(['src/**/*.{ts,cjs}', 'page/src/**/*.{ts,tsx,css}'], { cwd: ROOT }).filter(
    (file) => !file.startsWith('page/src/api/generated/'),
  );
  expect(files.length).toBeGreaterThan(300);
  const sizes = await Promise.all(
    files.map(async (file) => ({
      file,
      lines: (await readFile(ROOT + file, 'utf8')).split('\n').length - 1,
    })),
  );
  expect(sizes.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});
