import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/process.ts';

const SCRIPT = new URL('../graphql/schema-check.ts', import.meta.url).pathname;

const BEFORE = 'type Query { colour: Colour, size: Int } enum Colour { RED }';
const GREEN = BEFORE.replace('RED', 'RED GREEN');
const WITHOUT_SIZE = BEFORE.replace(', size: Int', '');
const SIZE_REMOVED = "Query.size: Field 'size' was removed from object type 'Query'";

/** A repository whose commits on main have one of these schemas each. */
async function repository(...schemas: string[]) {
  const folder = await emptyFolder();
  // Independent of this user's settings, and of a hook that runs these tests.
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env, stdio: 'ignore' });
  const write = (schema: string, reasons: Record<string, string> = {}) => {
    writeFileSync(`${folder}/schema.graphql`, schema);
    writeFileSync(`${folder}/schema-changes.json`, JSON.stringify(reasons));
  };
  const commit = (schema: string) => {
    write(schema);
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--allow-empty', '-m', 'a');
  };
  const check = (cwd = folder) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { cwd, env, encoding: 'utf8' });
    expect(stderr).toBe('');
    return { status, stdout };
  };
  if (schemas.length > 0) git('init', '--initial-branch', 'main');
  for (const schema of schemas) commit(schema);
  return { folder, git, write, commit, check };
}

test('a breaking change is refused', async () => {
  const { write, check } = await repository(BEFORE);
  write(WITHOUT_SIZE);
  expect(check()).toEqual({ status: 1, stdout: expect.stringContaining(SIZE_REMOVED) });
});

test('a breaking change passes if it is listed with a reason', async () => {
  const { write, check } = await repository(BEFORE);
  write(WITHOUT_SIZE, { [SIZE_REMOVED]: 'Nobody asks.' });
  expect(check()).toEqual({ status: 0, stdout: expect.stringContaining(`${SIZE_REMOVED} (Nobody asks.)`) });
});

test.each([
  ['it is listed without a reason', WITHOUT_SIZE, ' '],
  ['another one is listed', WITHOUT_SIZE.replace('RED', 'BLUE'), 'Nobody asks.'],
])('a breaking change is refused if %s', async (_, schema, reason) => {
  const { write, check } = await repository(BEFORE);
  write(schema, { [SIZE_REMOVED]: reason });
  expect(check().status).toBe(1);
});

test('a dangerous change passes, and is reported', async () => {
  const { write, check } = await repository(BEFORE);
  write(GREEN);
  expect(check()).toEqual({ status: 0, stdout: expect.stringContaining("Enum value 'GREEN' was added") });
});

test('on main, the last change of the schema is checked again', async () => {
  const { check } = await repository(BEFORE, WITHOUT_SIZE, WITHOUT_SIZE);
  expect(check()).toEqual({ status: 1, stdout: expect.stringContaining(SIZE_REMOVED) });
});

test('a branch is compared with the commit where it began, not with the current main', async () => {
  const { git, commit, check } = await repository(BEFORE);
  git('checkout', '-b', 'branch');
  commit(GREEN);
  commit(GREEN.replace('GREEN', 'GREEN BLUE'));
  git('checkout', 'main');
  commit(`${BEFORE} type More { id: ID! }`);
  git('checkout', 'branch');
  const { status, stdout } = check();
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/'GREEN'.*\n.*'BLUE'/) });
});

test("the schema is compared with origin's main rather than with a main that is ahead of it", async () => {
  const { git, commit, check } = await repository(BEFORE);
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  commit(WITHOUT_SIZE);
  commit(`${WITHOUT_SIZE} type More { id: ID! }`);
  expect(check()).toEqual({ status: 1, stdout: expect.stringContaining(SIZE_REMOVED) });
});

test('without a history the check says that there is nothing to compare with', async () => {
  const NOTHING = { status: 0, stdout: expect.stringMatching(/^Nothing to compare schema.graphql with/) };
  const { folder, git, check } = await repository(BEFORE, WITHOUT_SIZE);
  git('clone', '--depth', '1', `file://${folder}`, 'shallow');
  expect(check(`${folder}/shallow`)).toEqual(NOTHING);
  const { write, ...none } = await repository();
  write(BEFORE);
  expect(none.check()).toEqual(NOTHING);
});
