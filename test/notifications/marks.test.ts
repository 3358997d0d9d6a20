import { writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CLAIM_MS, createMemoryMarks, type Marks } from '../../src/notifications/marks.ts';
import { createSqliteMarks } from '../../src/notifications/sqlite-marks.ts';
import { ConfigError } from '../../src/settings/config.ts';
import { emptyFolder } from '../support/process.ts';
import { NOW } from './support.ts';

const A = { id: 'a', about: 'x' };
const B = { id: 'b', about: 'y' };

const closed = (marks: Marks): Marks => {
  onTestFinished(marks.close);
  return marks;
};

/** Marks of a process, and of others with the same file. */
async function inFile() {
  const path = `${await emptyFolder()}/notices.db`;
  let nowMs = NOW.getTime();
  const log: string[] = [];
  const open = (holder: string, file = path) =>
    closed(
      createSqliteMarks({
        path: file,
        holder,
        log: pino({}, { write: (line) => log.push(line) }),
        clock: { now: () => new Date(nowMs) },
      }),
    );
  return {
    path,
    open,
    log,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const KINDS: [string, () => Promise<Marks>][] = [
  ['in memory', async () => closed(createMemoryMarks())],
  ['in a file', async () => (await inFile()).open('one')],
];

describe.each(KINDS)('marks %s', (_, create) => {
  test('what was sent is known, for the sink and the place alone', async () => {
    const marks = await create();
    const here = marks.in('sink', 'place');
    await here.add([A, B]);
    expect(await here.sent()).toEqual(
      new Map([
        ['a', 'x'],
        ['b', 'y'],
      ]),
    );
    expect(await marks.in('other', 'place').sent()).toEqual(new Map());
    expect(await marks.in('sink', 'elsewhere').sent()).toEqual(new Map());
  });

  test('what was sent is not sent again, unless it was removed', async () => {
    const here = (await create()).in('sink', 'place');
    await here.add([A]);
    expect(await here.claim(['a', 'b'])).toEqual(
      new Map([
        ['a', 'sent'],
        ['b', 'mine'],
      ]),
    );
    await here.remove(['a']);
    expect(await here.claim(['a'])).toEqual(new Map([['a', 'mine']]));
  });
});

test('a file knows after a restart what was sent', async () => {
  const { open } = await inFile();
  await open('one').in('sink', 'place').add([A]);
  expect(await open('two').in('sink', 'place').claim(['a'])).toEqual(new Map([['a', 'sent']]));
});

test('what one process removes is gone for another that knew it, and is not brought back', async () => {
  const { open } = await inFile();
  const [one, two] = ['one', 'two'].map((holder) => open(holder).in('sink', 'place'));
  await one?.add([A, B]);
  await two?.sent();
  await two?.remove(['a']);
  expect(await one?.sent()).toEqual(new Map([['b', 'y']]));
  await one?.remove(['b']);
  expect(await two?.sent()).toEqual(new Map());
  expect(await one?.claim(['a', 'b'])).toEqual(
    new Map([
      ['a', 'mine'],
      ['b', 'mine'],
    ]),
  );
});

test('what could not be marked is marked later, also if other marks were removed meanwhile', async () => {
  const { open, path } = await inFile();
  const [one, two] = ['one', 'two'].map((holder) => open(holder).in('sink', 'place'));
  await one?.add([A]);
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  await one?.add([B]);
  other.exec('COMMIT');
  await two?.remove(['a']);
  await one?.sent();
  expect(await two?.sent()).toEqual(new Map([['b', 'y']]));
});

test('one process at a time sends, until it has, gives up or was killed', async () => {
  const { open, pass } = await inFile();
  const [one, two] = ['one', 'two'].map((holder) => open(holder).in('sink', 'place'));
  const claimOfTwo = async () => (await two?.claim(['a']))?.get('a');
  await one?.claim(['a']);
  expect(await claimOfTwo()).toBe('busy');
  await one?.release(['a']);
  expect(await claimOfTwo()).toBe('mine');
  expect((await one?.claim(['a']))?.get('a')).toBe('busy');
  pass(CLAIM_MS);
  expect((await one?.claim(['a']))?.get('a')).toBe('mine');
  await one?.add([A]);
  expect(await claimOfTwo()).toBe('sent');
});

test('what a killed process was sending is free after a minute also if the clock was set back', async () => {
  const { open, pass } = await inFile();
  const [one, two] = ['one', 'two'].map((holder) => open(holder).in('sink', 'place'));
  await one?.claim(['a']);
  pass(-24 * 60 * CLAIM_MS);
  expect((await two?.claim(['a']))?.get('a')).toBe('mine');
});

test('while a file cannot be used, the process goes on with what it remembers, and the log says why', async () => {
  const { open, log } = await inFile();
  const marks = open('one');
  const here = marks.in('sink', 'place');
  await here.add([A]);
  marks.close();
  await here.add([B]);
  expect(await here.claim(['a', 'b', 'c'])).toEqual(
    new Map([
      ['a', 'sent'],
      ['b', 'sent'],
      ['c', 'mine'],
    ]),
  );
  expect(log.join('')).toContain('could not use the file of NOTIFY_PATH');
});

test('while another process holds the file, the process goes on with what it remembers', async () => {
  const { open, log, path } = await inFile();
  const here = open('one').in('sink', 'place');
  await here.add([A]);
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(Array.from((await here.claim(['a', 'b'])).values())).toEqual(['sent', 'mine']);
  expect(log.join('')).toContain('database is locked');
  other.exec('COMMIT');
  await here.add([B]);
  expect((await open('two').in('sink', 'place').sent()).size).toBe(2);
});

test('what was sent is known also to a process that begins while nothing can be written', async () => {
  const { open, path } = await inFile();
  await open('one').in('sink', 'place').add([A]);
  const sent = async (file: string) => open('two', file).in('sink', 'place').sent();
  expect(await sent(`file:${path}?mode=ro`)).toEqual(new Map([['a', 'x']]));
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(await sent(path)).toEqual(new Map([['a', 'x']]));
});

test('the log names the error after which SQLite rolls back itself', async () => {
  const { open, log, path } = await inFile();
  const here = open('one').in('sink', 'place');
  const other = new DatabaseSync(path);
  const answer = "RAISE(ROLLBACK, 'database or disk is full')";
  other.exec(`CREATE TRIGGER full BEFORE INSERT ON sent BEGIN SELECT ${answer}; END`);
  other.close();
  await here.add([A]);
  expect(log.join('')).toContain('database or disk is full');
});

test('a file that is no database is refused', async () => {
  const options = { holder: 'one', log: pino({ level: 'silent' }), clock: { now: () => NOW } };
  const path = `${await emptyFolder()}/notices.db`;
  await writeFile(path, 'not a database, although it is long enough for the head of one: '.repeat(10));
  for (const wrong of [path, '/dev/null/notices.db', '/'])
    expect(() => createSqliteMarks({ path: wrong, ...options })).toThrow(ConfigError);
});
