import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/relay/cursors.ts';
import type { List } from '../../src/relay/list.ts';
import { type Page, sliceOfPages } from '../../src/relay/pages.ts';
import { edgeForNew } from '../../src/relay/slices.ts';
import { type PageArguments, parseWindow } from '../../src/relay/window.ts';

const alone: List<string> = { type: 'Row', idOf: String, digest: '' };
const ofProd: List<string> = { ...alone, where: 'prod/eu-central-1' };
const ofAll: List<string> = { ...alone, places: ['prod/eu-central-1', 'prod/us-east-1', '/eu-central-1'] };

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const membersOf = (cursor = '') => JSON.parse(Buffer.from(cursor, 'base64url').toString());

const page = async (): Promise<Page<string>> => ({ items: ['a', 'b'], position: 'p1' });
const sliceOf = async (list: List<string>) => sliceOfPages(list, { first: 2 }, page);

/** A cursor with this account and region. */
const cursor = (where: unknown) => base64url(['Row', '', null, 1, null, ['a'], where]);

test('a cursor has six members where there is one account and region, and its name as a seventh where there are several', async () => {
  const [first, last] = (await sliceOf(alone)).edges;
  expect(membersOf(first?.cursor)).toEqual(['Row', '', null, 1, null, ['a']]);
  expect(membersOf(last?.cursor)).toEqual(['Row', '', 'p1', 0, null, ['b', 'a']]);
  const [firstOfProd, lastOfProd] = (await sliceOf(ofProd)).edges;
  expect(membersOf(firstOfProd?.cursor)).toEqual(['Row', '', null, 1, null, ['a'], 'prod/eu-central-1']);
  expect(membersOf(lastOfProd?.cursor)).toEqual(['Row', '', 'p1', 0, null, ['b', 'a'], 'prod/eu-central-1']);
});

test('the cursor of a new item has the account and region of its list', () => {
  expect(membersOf(edgeForNew(alone, 'n').cursor)).toEqual(['Row', '', null, 500, null, ['n']]);
  expect(membersOf(edgeForNew(ofProd, 'n').cursor)).toEqual([
    ...['Row', '', null, 500, null, ['n']],
    'prod/eu-central-1',
  ]);
});

test('a cursor of one account and region is one of the list over several', async () => {
  for (const { cursor } of (await sliceOf(ofProd)).edges) {
    const decoded = decodeCursor(ofAll, cursor);
    expect(decoded).toEqual(decodeCursor(ofProd, cursor));
    expect(decoded?.where).toBe('prod/eu-central-1');
    expect(decoded && encodeCursor('Row', decoded)).toBe(cursor);
  }
});

test('a list over several refuses the cursors of a list that is alone, and the other way round', () => {
  const ofAlone = base64url(['Row', '', null, 1, null, ['a']]);
  const ofSeveral = cursor('prod/us-east-1');
  expect(decodeCursor(alone, ofAlone)).toBeDefined();
  expect(decodeCursor(alone, ofSeveral)).toBeUndefined();
  for (const list of [ofProd, ofAll]) {
    expect(decodeCursor(list, ofAlone)).toBeUndefined();
    expect(decodeCursor(list, ofSeveral)).toBeDefined();
  }
});

test.each([
  ['is missing', undefined],
  ['is null', null],
  ['is empty', ''],
  ['is a number', 5],
  ['has half a surrogate pair', 'prod\ud83d/eu-central-1'],
  ['is too long', 'x'.repeat(129)],
])('a cursor whose account and region %s is refused as malformed', (_, where) => {
  for (const list of [ofProd, ofAll]) expect(decodeCursor(list, cursor(where))).toBeUndefined();
  expect(() => parseWindow(ofAll, { after: cursor(where) })).toThrow(
    /^after: expected a cursor of this connection, under the same filter and order, got "/,
  );
});

test('the longest name of an account and region has 128 characters', () => {
  const where = 'x'.repeat(128);
  expect(parseWindow({ ...alone, places: [where] }, { after: cursor(where) }).after).toMatchObject({ where });
});

test('a cursor with one member more is refused', () => {
  const text = base64url(['Row', '', null, 1, null, ['a'], 'prod/us-east-1', 0]);
  for (const list of [alone, ofProd, ofAll]) expect(decodeCursor(list, text)).toBeUndefined();
});

const issuesOf = (args: PageArguments) => {
  try {
    return parseWindow(ofAll, args);
  } catch (error) {
    return (error as { issues?: unknown }).issues;
  }
};

test('a cursor of an account and region that was removed is refused with words, together with all other complaints', () => {
  expect(issuesOf({ first: -1, after: cursor('staging/eu-central-1'), before: 'x' })).toEqual([
    { path: ['first'], message: 'expected 0 to 500, got -1' },
    {
      path: ['after'],
      message: 'expected a cursor of an account and region that is served, got one of staging/eu-central-1',
    },
    {
      path: ['before'],
      message: 'expected a cursor of this connection, under the same filter and order, got "x"',
    },
  ]);
  expect(issuesOf({ after: 'x', before: cursor('/us-east-1') })).toMatchObject([
    { path: ['after'] },
    {
      path: ['before'],
      message: 'expected a cursor of an account and region that is served, got one of /us-east-1',
    },
  ]);
});

test('a forged name of an account and region has no control characters in the message', () => {
  expect(issuesOf({ after: cursor('a\n"b') })).toMatchObject([
    { message: 'expected a cursor of an account and region that is served, got one of a\\n\\"b' },
  ]);
});
