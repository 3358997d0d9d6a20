import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { clientOf, walk } from '../emulator/support.ts';
import { emptyFolder, MAIN, post, runProgram } from '../support/process.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Writes the port that the process listens on to stderr, because its other output is lost. */
const TELL_PORTS = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { Server } from 'node:net';
    const { emit } = Server.prototype;
    Server.prototype.emit = function (name, ...args) {
      if (name === 'listening') process.stderr.write('listens on ' + this.address().port + '\\n');
      return emit.call(this, name, ...args);
    };
  `)}`,
];

/** The process, with its output in a file of at most `blocks` of 512 bytes: beyond that, it is like on a full disk. */
async function serveInto(path: string, blocks: number, args: string[] = []) {
  const line = 'ulimit -f "$0"; file="$1"; shift; exec "$@" >> "$file"';
  return runProgram('/bin/sh', [
    '-c',
    line,
    `${blocks}`,
    path,
    process.execPath,
    ...TELL_PORTS,
    MAIN,
    ...args,
  ]);
}

const fileOf = async () => {
  const path = join(await emptyFolder(), 'log');
  await writeFile(path, '');
  return path;
};

/** The URL of the last server: the emulator listens before the service does. */
const urlOf = async ({ told }: { told: (pattern: RegExp) => Promise<string> }, servers: number) =>
  `http://127.0.0.1:${await told(new RegExp(`(?<=(listens on \\d+\\s+){${servers - 1}}listens on )\\d+(?=\\n)`))}`;

test('the service starts, answers and ends when nothing can be written', async () => {
  const service = await serveInto(await fileOf(), 0);
  const url = await urlOf(service, 2);
  const { status } = await post(`${url}/graphql`, '{ clientCertificates { totalCount } }');
  expect(status).toBe(200);
  expect(await service.stop()).toMatchObject({ code: 0 });
});

test('the emulator alone starts, answers and ends when nothing can be written', async () => {
  const emulator = await serveInto(await fileOf(), 0, ['emulator']);
  const url = await urlOf(emulator, 1);
  expect(await walk(clientOf(url), 500)).toHaveLength(5);
  expect(await emulator.stop()).toMatchObject({ code: 0 });
});

test('a log on a full disk continues once there is room, and says how many lines were dropped', async () => {
  const path = await fileOf();
  const service = await serveInto(path, 64);
  const url = await urlOf(service, 2);
  const ask = async (name: string) => {
    const response = await post(`${url}/graphql`, `query ${name} { __typename }`);
    expect(response.status).toBe(200);
  };
  for (let i = 0; i < 300; i += 1) await ask(`Before${i}`);
  await vi.waitUntil(async () => (await readFile(path)).length === 64 * 512, { timeout: 30_000 });
  const before = await readFile(path, 'utf8');
  await truncate(path); // now there is room for a batch, and for later lines
  await ask('After');
  expect(await service.stop()).toMatchObject({ code: 0 });
  const whole = (text: string) => text.split('\n').filter((line) => /^\{.*\}$/.test(line));
  const entries = whole(await readFile(path, 'utf8')).map((line) => JSON.parse(line));
  expect(entries).toContainEqual(expect.objectContaining({ operation: 'After' }));
  const operations = [...whole(before).map((line) => JSON.parse(line)), ...entries].filter(
    ({ msg }) => msg === 'operation',
  );
  const dropped = entries.reduce((sum, entry) => sum + (entry.dropped ?? 0), 0);
  expect(dropped).toBeGreaterThan(0);
  expect(operations.length + dropped).toBe(301);
});

test.each([['api-key', 'portal'], ['check'], ['notify', '--dry-run'], ['--version']])(
  'certway %s ends with 1 and one line if its output cannot be written',
  async (...args) => {
    const line = 'ulimit -f 0; file="$0"; exec "$@" >> "$file"';
    const { end } = await runProgram(
      '/bin/sh',
      ['-c', line, await fileOf(), process.execPath, MAIN, ...args],
      { NOTIFY_WEBHOOKS: 'https://example.com format=slack' },
    );
    expect(await end()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^cannot print: .+\n$/),
    });
  },
);

test.each([['api-key', 'portal'], ['check'], ['--help']])(
  'certway %s ends without a word if nobody reads its output',
  async (...args) => {
    const line = '{ "$@"; echo "ended with $?" >&2; } | :';
    const { end } = await runProgram('/bin/sh', ['-c', line, 'sh', process.execPath, MAIN, ...args]);
    expect(await end()).toEqual({ code: 0, stdout: '', stderr: 'ended with 1\n' });
  },
);
