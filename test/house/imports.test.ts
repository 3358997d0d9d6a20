import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PARTS, violationsOf } from './import-rules.ts';

const SRC = new URL('../../src/', import.meta.url).pathname;

test('imports only point down, and each library is imported only in its place', async () => {
  const files = globSync('**/*.ts', { cwd: SRC });
  const sources = await Promise.all(
    files.map(async (file) => [file, await readFile(SRC + file, 'utf8')] as const),
  );
  expect(sources.length).toBeGreaterThan(30);
  expect(violationsOf(new Map(sources))).toEqual([]);
});

test('docs/architecture.md has the parts in the same order', async () => {
  const readme = await readFile(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  const listed = Array.from(readme.matchAll(/^src\/(\S+) {2,}/gm), ([, part]) => part);
  expect(listed).toEqual([...PARTS, 'emulator/']);
});

test.each([
  [
    'errors/errors.ts',
    `import { sorted } from '../relay/list.ts';`,
    'errors/errors.ts imports relay/list.ts: that is above it',
  ],
  [
    'graphql/context.ts',
    `import type {\n  A,\n} from './schema/tag.ts';`,
    'graphql/context.ts imports graphql/schema/tag.ts: that is above it',
  ],
  ['server.ts', `const main = await import('./main.ts');`, 'server.ts imports main.ts: that is above it'],
  [
    'graphql/plugins/a.ts',
    `import '../schema/tag.ts';`,
    'graphql/plugins/a.ts imports graphql/schema/tag.ts: graphql/plugins/ and graphql/schema/ know nothing of each other',
  ],
  [
    'server.ts',
    `import { createEmulator } from './emulator/index.ts';`,
    'server.ts imports emulator/index.ts: allowed in commands/ and emulator/',
  ],
  [
    'emulator/arn.ts',
    `import type { A } from '../errors/errors.ts';`,
    'emulator/arn.ts imports errors/errors.ts: emulator/ stands alone',
  ],
  [
    'graphql/context.ts',
    `import B from '@pothos/core';`,
    'graphql/context.ts imports @pothos/core: allowed in graphql/schema/',
  ],
  [
    'http/graphql.ts',
    `import { createYoga } from 'graphql-yoga';`,
    'http/graphql.ts imports graphql-yoga: allowed in graphql/',
  ],
  ['relay/list.ts', `import D from 'dataloader';`, 'relay/list.ts imports dataloader: allowed in resources/'],
  [
    'graphql/plugins/a.ts',
    `import { jwtVerify } from 'jose';`,
    'graphql/plugins/a.ts imports jose: allowed in auth/',
  ],
  [
    'emulator/index.ts',
    `import * as sqlite from 'node:sqlite';`,
    'emulator/index.ts imports node:sqlite: allowed in emulator/store/ and notifications/sqlite-marks.ts',
  ],
  [
    'relay/list.ts',
    `import { type A } from '@aws-sdk/client-api-gateway';`,
    'relay/list.ts imports @aws-sdk/client-api-gateway: allowed in aws/ and resources/, and as types in emulator/',
  ],
  [
    'graphql/schema/tag.ts',
    `import type { A } from '@aws-sdk/client-api-gateway';`,
    'graphql/schema/tag.ts imports @aws-sdk/client-api-gateway: allowed in aws/ and resources/, and as types in emulator/',
  ],
  [
    'web/graphiql.ts',
    `import { renderGraphiQL } from '@graphql-yoga/render-graphiql';`,
    'web/graphiql.ts imports @graphql-yoga/render-graphiql: allowed in web/, dynamically, since it is nine megabytes',
  ],
  [
    'settings/config.ts',
    `import { env } from 'node:process';`,
    'settings/config.ts imports node:process: allowed in main.ts, and graphql/fair-scheduler.ts for nextTick',
  ],
  [
    'settings/config.ts',
    'const url = `http://$' + '{process.env}`;',
    'settings/config.ts: it uses process; only main.ts does, and hands on what others need',
  ],
  [
    'settings/config.ts',
    `const { env } = globalThis.process;`,
    'settings/config.ts: it uses process; only main.ts does, and hands on what others need',
  ],
  [
    'settings/config.ts',
    `const a = await import(name);`,
    `settings/config.ts: it imports what cannot be read here; write import('the name')`,
  ],
  ['settings/config.ts', `export default {};`, 'settings/config.ts: it has a default export'],
  ['settings/config.ts', `export { a as default };`, 'settings/config.ts: it has a default export'],
  [
    'settings/config.ts',
    `export * from '../errors/errors.ts';`,
    'settings/config.ts: it exports what another file has',
  ],
  ['api-keys.ts', '', 'api-keys.ts: it has no place in PARTS yet'],
  ['http/apiKey.ts', '', 'http/apiKey.ts: its name is not in kebab-case'],
])('a violation is detected in %s: %s', (file, text, violation) => {
  expect(violationsOf(new Map([[file, text]]))).toEqual([violation]);
});

test('a cycle is detected', () => {
  const sources = { 'relay/list': './window.ts', 'relay/window': './slices.ts', 'relay/slices': './list.ts' };
  const texts = Object.entries(sources).map(
    ([name, from]) => [`${name}.ts`, `import type { A } from '${from}';`] as const,
  );
  expect(violationsOf(new Map(texts))).toEqual([
    'relay/list.ts → relay/window.ts → relay/slices.ts → relay/list.ts: that is a cycle',
  ]);
});

test('text in a comment or in a string is not a violation', () => {
  const text = `
    /* import D from 'dataloader'; */
    // the process, and import('graphql-yoga')
    const message = 'another process listens there';
    const quoted = "it's // no comment"; const url = 'http://a'; const text = \`// nor this\`;
  `;
  expect(violationsOf(new Map([['relay/list.ts', text]]))).toEqual([]);
});
