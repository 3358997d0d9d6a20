import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, describeSettings, parseConfig } from '../src/config.ts';

type Env = Record<string, string | undefined>;

const DEFAULTS = {
  HOST: '127.0.0.1',
  PORT: 4000,
  ALLOW_UNAUTHENTICATED: false,
  LOG_LEVEL: 'info',
  MAX_BODY_BYTES: 262_144,
  EXPIRING_WITHIN_DAYS: 30,
  MAX_COLLECTION_PAGES: 40,
  UPSTREAM: 'emulator',
  UPSTREAM_CONNECT_TIMEOUT_MS: 2000,
  UPSTREAM_REQUEST_TIMEOUT_MS: 10_000,
  EMULATOR_HOST: '127.0.0.1',
  EMULATOR_PORT: 4001,
  EMULATOR_PATH: '',
  EMULATOR_QUOTA: 60,
  EMULATOR_REQUESTS_PER_SECOND: 10,
  EMULATOR_BURST: 40,
};

/** Settings that have tests of their own. */
const OTHERS = {
  AUTH: 'none',
  JWT_ISSUER: '',
  JWT_AUDIENCE: '',
  JWT_JWKS_URL: '',
  API_KEYS: [],
  EMULATOR_CREDENTIALS: null,
};

const RANGES: Record<string, [least: number, most: number]> = {
  PORT: [0, 65_535],
  MAX_BODY_BYTES: [1024, 16_777_216],
  EXPIRING_WITHIN_DAYS: [0, 365],
  MAX_COLLECTION_PAGES: [1, 1000],
  UPSTREAM_CONNECT_TIMEOUT_MS: [1, 3_600_000],
  UPSTREAM_REQUEST_TIMEOUT_MS: [1, 3_600_000],
  EMULATOR_PORT: [0, 65_535],
  EMULATOR_QUOTA: [1, 1_000_000],
  EMULATOR_REQUESTS_PER_SECOND: [0, 1_000_000],
  EMULATOR_BURST: [1, 1_000_000],
};

const WORDS: Record<string, string[]> = {
  ALLOW_UNAUTHENTICATED: ['true', 'false'],
  LOG_LEVEL: ['debug', 'info', 'warn', 'error', 'silent'],
  UPSTREAM: ['emulator', 'aws'],
};

const NAMES = Object.keys(DEFAULTS);

/** The complaints about an environment, none where it is good. */
function complaints(env: Env): string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}

test('without any environment every setting has its default', () => {
  expect(parseConfig({})).toEqual({ ...DEFAULTS, ...OTHERS });
});

test('an empty value counts as none', () => {
  expect(parseConfig(Object.fromEntries(NAMES.map((name) => [name, ''])))).toEqual({
    ...DEFAULTS,
    ...OTHERS,
  });
});

test('what is no setting is not looked at', () => {
  expect(parseConfig({ PATH: '/bin', AWS_REGION: 'eu-west-1', port: '1' })).toEqual({
    ...DEFAULTS,
    ...OTHERS,
  });
});

test.each(Object.entries(RANGES))(
  '%s is a whole number in its range, ends included',
  (name, [least, most]) => {
    for (const good of [least, most])
      expect(parseConfig({ [name]: `${good}` })).toMatchObject({ [name]: good });
    for (const bad of [
      `${least - 1}`,
      `${most + 1}`,
      '1.5',
      '1e3',
      '0x10',
      ' 10',
      '10ms',
      'NaN',
      '9'.repeat(400),
    ])
      expect(complaints({ [name]: bad })).toEqual([
        `${name}: expected a whole number from ${least} to ${most}, got "${bad}"`,
      ]);
  },
);

test.each(Object.entries(WORDS))('%s is one of its words, as it is written', (name, words) => {
  for (const good of words) expect(String(parseConfig({ [name]: good })[name as 'UPSTREAM'])).toBe(good);
  for (const bad of [
    '1',
    'yes',
    ...words.map((word) => word.toUpperCase()),
    ...words.map((word) => ` ${word}`),
  ])
    expect(complaints({ [name]: bad })).toEqual([`${name}: expected ${words.join(' or ')}, got "${bad}"`]);
});

test('all complaints come at once, one a line', () => {
  expect(
    complaints({ PORT: 'http', UPSTREAM: 'azure', EMULATOR_BURST: '0', ALLOW_UNAUTHENTICATED: 'si\nno' }),
  ).toEqual([
    'PORT: expected a whole number from 0 to 65535, got "http"',
    'ALLOW_UNAUTHENTICATED: expected true or false, got "si\\nno"',
    'UPSTREAM: expected emulator or aws, got "azure"',
    'EMULATOR_BURST: expected a whole number from 1 to 1000000, got "0"',
  ]);
});

describe('since anyone may call', () => {
  test.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1'])('HOST may be %s', (HOST) => {
    expect(parseConfig({ HOST })).toMatchObject({ HOST });
  });

  const beyond = [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    'example.com',
  ];
  test.each(beyond)('HOST may be %s only with ALLOW_UNAUTHENTICATED=true', (HOST) => {
    expect(complaints({ HOST })).toEqual([
      `HOST: expected a loopback address, since anyone who reaches the service may use it; got "${HOST}" ` +
        '(AUTH=jwt, AUTH=api-key or ALLOW_UNAUTHENTICATED=true allows it)',
    ]);
    expect(complaints({ HOST, ALLOW_UNAUTHENTICATED: 'false' })).toHaveLength(1);
    expect(parseConfig({ HOST, ALLOW_UNAUTHENTICATED: 'true' })).toMatchObject({ HOST });
  });
});

test('any environment gives either the settings that it names or a complaint about each that is wrong', () => {
  const text = (name: string) => {
    const [min = 0, max = 0] = RANGES[name] ?? [];
    const good = name in RANGES ? fc.integer({ min, max }).map(String) : fc.constantFrom(...wordsOf(name));
    return fc.oneof({ weight: 20, arbitrary: good }, fc.integer().map(String), fc.string({ unit: 'binary' }));
  };
  const wordsOf = (name: string) => WORDS[name] ?? ['127.0.0.1', ''];
  const isGood = (name: string, value: string): boolean => {
    const [least = 0, most = 0] = RANGES[name] ?? [];
    if (name in RANGES) return /^[0-9]{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most;
    return name in WORDS || name === 'HOST' ? wordsOf(name).includes(value) : true;
  };
  const parsed = (name: string, value: string) =>
    name in RANGES ? Number(value) : name === 'ALLOW_UNAUTHENTICATED' ? value === 'true' : value;
  const environments = fc.record(Object.fromEntries(NAMES.map((name) => [name, text(name)])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(environments, (env) => {
      const given = Object.entries(env).flatMap(([name, value = '']) =>
        value ? [[name, value] as const] : [],
      );
      const wrong = given
        .filter(([name, value]) => !isGood(name, value))
        .map(([name]) => name)
        .filter((name) => name !== 'HOST' || env['ALLOW_UNAUTHENTICATED'] !== 'true');
      const named = complaints(env).map((complaint) => complaint.slice(0, complaint.indexOf(':')));
      expect(named.toSorted()).toEqual(wrong.toSorted());
      if (wrong.length > 0) return;
      const told = Object.fromEntries(given.map(([name, value]) => [name, parsed(name, value)]));
      expect(parseConfig(env)).toEqual({ ...DEFAULTS, ...OTHERS, ...told });
    }),
  );
});

test.each(Object.entries(DEFAULTS))(
  '--help says what %s is, what it may be and its default',
  (name, initial) => {
    const [, expected] = new RegExp(`^ {2}${name} +[A-Z].+[.]\\n +(.+)$`, 'm').exec(describeSettings()) ?? [];
    const [least, most] = RANGES[name] ?? [];
    const kind = name in RANGES ? `a whole number from ${least} to ${most}` : WORDS[name]?.join(' or ');
    expect(expected).toBe(`${kind ?? 'text'}; default: ${initial === '' ? 'none' : initial}`);
  },
);

test.each(Object.entries(DEFAULTS))('README.md has %s and its default in a table', async (name, initial) => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`));
  expect(rows).toEqual([expect.stringContaining(initial === '' ? '| none |' : `| \`${initial}\` |`)]);
});
