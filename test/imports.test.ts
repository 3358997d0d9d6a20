import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { violationsOf } from './import-rules.ts';

const SRC = new URL('../src/', import.meta.url).pathname;

test('imports only point down, and each library has its place', async () => {
  const files = globSync('**/*.ts', { cwd: SRC });
  const sources = await Promise.all(
    files.map(async (file) => [file, await readFile(SRC + file, 'utf8')] as const),
  );
  expect(sources.length).toBeGreaterThan(30);
  expect(violationsOf(new Map(sources))).toEqual([]);
});

test.each([
  ['errors.ts', `import { got } from './paging.ts';`, 'errors.ts imports paging.ts: that is above it'],
  [
    'context.ts',
    `import type {\n  A,\n} from './schema/tag.ts';`,
    'context.ts imports schema/tag.ts: that is above it',
  ],
  ['server.ts', `const main = await import('./main.ts');`, 'server.ts imports main.ts: that is above it'],
  [
    'schema/tag.ts',
    `import '../plugins/a.ts';`,
    'schema/tag.ts imports plugins/a.ts: edge/, plugins/ and schema/ know nothing of each other',
  ],
  [
    'server.ts',
    `import { createEmulator } from './emulator/index.ts';`,
    'server.ts imports emulator/index.ts: allowed in main.ts and emulator/',
  ],
  [
    'emulator/arn.ts',
    `import type { A } from '../errors.ts';`,
    'emulator/arn.ts imports errors.ts: emulator/ stands alone',
  ],
  ['context.ts', `import B from '@pothos/core';`, 'context.ts imports @pothos/core: allowed in schema/'],
  [
    'context.ts',
    `import { createYoga } from 'graphql-yoga';`,
    'context.ts imports graphql-yoga: allowed in execution.ts and plugins/',
  ],
  [
    'paging.ts',
    `import D from 'dataloader';`,
    'paging.ts imports dataloader: allowed in client-certificates.ts',
  ],
  [
    'plugins/a.ts',
    `import { jwtVerify } from 'jose';`,
    'plugins/a.ts imports jose: allowed in jwt.ts and jwks.ts',
  ],
  [
    'emulator/index.ts',
    `import * as sqlite from 'node:sqlite';`,
    'emulator/index.ts imports node:sqlite: allowed in emulator/store.ts',
  ],
  [
    'paging.ts',
    `import { type A } from '@aws-sdk/client-api-gateway';`,
    'paging.ts imports @aws-sdk/client-api-gateway: allowed in api-gateway.ts and client-certificates.ts, and as types below schema/ and in emulator/',
  ],
  [
    'schema/tag.ts',
    `import type { A } from '@aws-sdk/client-api-gateway';`,
    'schema/tag.ts imports @aws-sdk/client-api-gateway: allowed in api-gateway.ts and client-certificates.ts, and as types below schema/ and in emulator/',
  ],
  [
    'edge/graphiql.ts',
    `import { renderGraphiQL } from '@graphql-yoga/render-graphiql';`,
    'edge/graphiql.ts imports @graphql-yoga/render-graphiql: allowed in edge/graphiql.ts, dynamically, since it is nine megabytes',
  ],
  [
    'config.ts',
    `import { env } from 'node:process';`,
    'config.ts imports node:process: allowed in main.ts, and plugins/turns.ts for nextTick',
  ],
  [
    'config.ts',
    'const url = `http://$' + '{process.env}`;',
    'config.ts: it uses process; only main.ts does, and hands on what others need',
  ],
  [
    'config.ts',
    `const { env } = globalThis.process;`,
    'config.ts: it uses process; only main.ts does, and hands on what others need',
  ],
  [
    'config.ts',
    `const a = await import(name);`,
    `config.ts: it imports what cannot be read here; write import('the name')`,
  ],
  ['config.ts', `export default {};`, 'config.ts: it has a default export'],
  ['config.ts', `export { a as default };`, 'config.ts: it has a default export'],
  ['config.ts', `export * from './errors.ts';`, 'config.ts: it exports what another file has'],
  ['api-keys.ts', '', 'api-keys.ts: it has no place in LAYERS yet'],
  ['schema/apiKey.ts', '', 'schema/apiKey.ts: its name is not in kebab-case'],
])('a violation is found in %s: %s', (file, text, violation) => {
  expect(violationsOf(new Map([[file, text]]))).toEqual([violation]);
});

test('a cycle is found', () => {
  const sources = { errors: './x509.ts', x509: './config.ts', config: './errors.ts' };
  const texts = Object.entries(sources).map(
    ([name, from]) => [`${name}.ts`, `import type { A } from '${from}';`] as const,
  );
  expect(violationsOf(new Map(texts))).toEqual([
    'config.ts → errors.ts → x509.ts → config.ts: that is a cycle',
  ]);
});

test('what is in a comment or in a string is no violation', () => {
  const text = `
    /* import D from 'dataloader'; */
    // the process, and import('graphql-yoga')
    const message = 'another process listens there';
    const quoted = "it's // no comment"; const url = 'http://a'; const text = \`// nor this\`;
  `;
  expect(violationsOf(new Map([['paging.ts', text]]))).toEqual([]);
});
