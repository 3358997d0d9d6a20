import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { describeSettings } from '../../src/settings/help.ts';
import { run } from '../support/process.ts';

vi.setConfig({ testTimeout: 60_000 });

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));

/** --help and --version work even with these invalid settings. */
const WRONG = { PORT: 'not looked at', RATE_LIMIT_PER_MINTUE: '5' };

const end = async (line: string, env: Record<string, string> = {}) =>
  (await run(line === '' ? [] : line.split(' '), env)).end();

test.each(['--help', '-h', 'serve --help', '--port 1 -h', '--version --help'])(
  '%s prints the commands and every setting',
  async (line) => {
    const { code, stdout, stderr } = await end(line, WRONG);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of [
      'certway serve',
      'certway emulator',
      'certway api-key NAME',
      'certway notify',
      'certway check',
      'certway --version',
    ])
      expect(stdout).toContain(`  ${command} `);
    expect(stdout).toContain(describeSettings());
    expect(stdout).not.toContain('npm run'); // which a package does not have
  },
);

test.each(['--help', '-h'])('emulator %s describes only the settings of the emulator', async (help) => {
  const { code, stdout, stderr } = await end(`emulator ${help}`, WRONG);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const named = stdout.match(/^ {2}[A-Z][A-Z_]+(?= )/gm)?.map((name) => name.trim()) ?? [];
  expect(named).toContain('EMULATOR_PORT');
  expect(named.filter((name) => !name.startsWith('EMULATOR_'))).toEqual([
    'DRAIN_TIMEOUT_MS',
    'ALLOWED_HOSTS',
  ]);
});

test.each(['api-key --help', 'api-key -h', 'api-key portal --help'])(
  '%s describes its usage, and makes no key',
  async (line) => {
    const { code, stdout, stderr } = await end(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('certway api-key NAME');
    expect(stdout).not.toContain('certway_');
  },
);

test.each(['--version', '-v', 'emulator --version', 'api-key -v'])('%s prints the version', async (line) => {
  expect(await end(line, WRONG)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each(['emulate', 'help', 'emulator portal', 'serve --quiet', '--api-key'])(
  '%s is not a command, and the error names the commands',
  async (line) => {
    const expected = `expected "serve" or no argument, "emulator", "api-key NAME", "notify", "check", "--version" or "--help", got "${line}"\n`;
    expect(await end(line)).toEqual({ code: 1, stdout: '', stderr: expected });
  },
);

test.each<[args: string[], started: RegExp]>([
  [[], /http:\S+\/graphql$/m],
  [['emulator'], /--endpoint-url/],
])('a misspelt setting is reported at the start of "%s", without its value', async (args, started) => {
  const { printed, stop } = await run(args, { RATE_LIMIT_PER_MINTUE: 'a secret' });
  await printed(started);
  const { code, stdout, stderr } = await stop();
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'RATE_LIMIT_PER_MINTUE is no setting: did you mean RATE_LIMIT_PER_MINUTE?\n',
  });
  expect(stdout).not.toContain('a secret');
});

test('if a setting is missing because it is misspelt, both are reported', async () => {
  const { code, stderr } = await end('', { AUTH: 'api-key', APIKEYS: 'portal=secret' });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^APIKEYS is no setting: did you mean API_KEYS\?\nAPI_KEYS: expected .+ got none\n$/,
    ),
  });
});

test('notify --help describes its options, and only the settings that concern it', async () => {
  const { code, stdout, stderr } = await end('notify --help', WRONG);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const option of ['--dry-run', '--since 48h', 'NOTIFY_WEBHOOKS', 'REDIS_URL'])
    expect(stdout).toContain(option);
  expect(stdout).not.toContain('MAX_BODY_BYTES');
});

test.each(['notify now', 'notify --since', 'notify --since 1d', 'notify --quiet'])(
  '%s is refused',
  async (line) => {
    const { code, stdout, stderr } = await end(line);
    const got = line.replace('notify ', '');
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `expected --dry-run, or --since and hours such as 24h, or both, got "${got}"\n`,
    });
  },
);

test('the start says whether there is GraphiQL, and where', async () => {
  const { printed, stop } = await run([], { GRAPHIQL: 'false', BASE_PATH: '/certway' });
  expect(await printed(/^GraphQL.*$/m)).toMatch(/^GraphQL at http:\/\/127\.0\.0\.1:\d+\/certway\/graphql$/);
  await stop();
});
