import { readFile, writeFile } from 'node:fs/promises';
import { formatDocument } from '@urql/core';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';
import { startService, withoutRequestIds } from '../support/service.ts';

const MANIFEST = new URL('../../page/src/api/generated/persisted-documents.json', import.meta.url);

const TEXTS: Record<string, string> = JSON.parse(await readFile(MANIFEST, 'utf8'));
const [VIEWER = ''] = Object.keys(TEXTS).filter((hash) => TEXTS[hash]?.includes('query Viewer '));
const ANSWER = {
  data: {
    __typename: 'Query',
    viewer: { __typename: 'Viewer', name: 'anonymous', scopes: expect.any(Array) },
  },
};

async function start(env: Record<string, string> = {}) {
  const pageFolder = await emptyFolder();
  const build = async () => writeFile(`${pageFolder}/documents.json`, JSON.stringify(TEXTS));
  const { post, server } = await startService({ env, pageFolder });
  const ask = async (body: object) => withoutRequestIds(await (await post(body)).json());
  const send = async (sha256Hash: string) =>
    ask({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  return { build, ask, send, server, folder: pageFolder };
}

const codeOf = (answer: { errors?: { extensions: { code?: string } }[] }) =>
  answer.errors?.[0]?.extensions.code;

test('the service knows the documents of the page, with and without those of clients', async () => {
  const { build, send, server } = await start();
  await build();
  expect(await send(VIEWER)).toEqual(ANSWER);
  expect((await server.fetch('http://localhost/documents.json')).status).toBe(404);
  const file = `${await emptyFolder()}/documents.json`;
  await writeFile(file, JSON.stringify({ mine: '{ __typename }' }));
  const both = await start({ TRUSTED_DOCUMENTS: file });
  await both.build();
  expect(await both.send(VIEWER)).toEqual(ANSWER);
  expect(await both.ask({ documentId: 'mine' })).toEqual({ data: { __typename: 'Query' } });
});

test('where only trusted documents are executed, those of the page are', async () => {
  const { build, ask, send } = await start({ ONLY_TRUSTED_DOCUMENTS: 'true' });
  await build();
  expect(await send(VIEWER)).toEqual(ANSWER);
  expect(await ask({ documentId: VIEWER })).toEqual(ANSWER);
  expect(codeOf(await ask({ query: TEXTS[VIEWER] }))).toBe('DOCUMENT_NOT_TRUSTED');
  expect(codeOf(await send('none'))).toBe('PERSISTED_QUERY_NOT_FOUND');
});

test('they are known as soon as the page is built', async () => {
  const { build, send, folder } = await start();
  expect(codeOf(await send(VIEWER))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  await writeFile(`${folder}/documents.json`, '{"half'); // as while it is written
  expect(codeOf(await send(VIEWER))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  await build();
  expect(await send(VIEWER)).toEqual(ANSWER);
});

test('without the page they are unknown', async () => {
  const { build, send } = await start({ PAGE: 'false' });
  await build();
  expect(codeOf(await send(VIEWER))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
});

test('clients that send hashes on their own account are told once that none are kept', async () => {
  const { build, send } = await start();
  await build();
  expect(codeOf(await send('none'))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
});

const typenamesIn = (document: object) => JSON.stringify(document).split('"__typename"').length;

test.each(Object.values(TEXTS).map((text) => [/(?:query|mutation) \w+/.exec(text)?.[0], text]))(
  "%s has every __typename that the page's cache needs",
  (_, text = '') => {
    const document = parse(text);
    expect(typenamesIn(formatDocument(document))).toBe(typenamesIn(document));
  },
);
