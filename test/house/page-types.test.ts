import { readFile } from 'node:fs/promises';
import { generate, loadContext } from '@graphql-codegen/cli';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;

test('the types of the page are those of its operations and of schema.graphql: `npm run page:types` renews them', async () => {
  const context = await loadContext(`${ROOT}page/codegen.config.ts`);
  context.cwd = ROOT;
  const files = await generate(context, false);
  expect(files.length).toBeGreaterThan(1);
  for (const { filename, content } of files)
    expect(await readFile(new URL(filename, `file://${ROOT}`), 'utf8'), filename).toBe(content);
});
