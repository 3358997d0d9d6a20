import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Config, parseConfig } from '../../src/settings/config.ts';
import { describeSettings } from '../../src/settings/help.ts';
import { emptyFolder } from '../support/process.ts';
import { AUTH_NAMES, complaints } from './config-support.ts';

/** Settings with their own tests, and their one value here. */
const FILES = {
  TLS_CERT_FILE: '',
  TLS_KEY_FILE: '',
  TLS_CLIENT_CA_FILE: '',
  API_KEYS_FILE: null,
  TRUSTED_DOCUMENTS: null,
  ONLY_TRUSTED_DOCUMENTS: false,
  REDIS_URL_FILE: null,
  NOTIFY_WEBHOOKS_FILE: null,
  CALENDAR_TOKENS_FILE: null,
};
const AUTH = { auth: { kind: 'none' } };

/** The default of a setting, what it expects, valid texts with their values, and invalid texts. */
type Facts = { initial: unknown; expected: string; good: [text: string, value: unknown][]; bad: string[] };

const whole = (initial: number, least: number, most: number): Facts => ({
  initial,
  expected: `a whole number from ${least} to ${most}`,
  good: [least, initial, most].map((value) => [`${value}`, value]),
  bad: [`${least - 1}`, `${most + 1}`, '1.5', '1e3', '0x10', ' 10', '10ms', 'NaN', '9'.repeat(400)],
});

const words = (initial: unknown, ...all: string[]): Facts => ({
  initial,
  expected: all.join(' or '),
  good: all.map((word) => [word, typeof initial === 'boolean' ? word === 'true' : word]),
  bad: ['1', 'yes', ...all.flatMap((word) => [word.toUpperCase(), ` ${word}`])],
});

const text = (initial: string, ...all: string[]): Facts => ({
  initial,
  expected: 'text',
  good: all.map((value) => [value, value]),
  bad: [],
});

const FACTS: Record<Exclude<keyof Config, keyof typeof AUTH | keyof typeof FILES>, Facts> = {
  HOST: text('127.0.0.1', '127.0.0.1', 'localhost', '::1'),
  PORT: whole(4000, 0, 65_535),
  ALLOW_UNAUTHENTICATED: words(false, 'true', 'false'),
  LOG_LEVEL: words('info', 'debug', 'info', 'warn', 'error', 'silent'),
  BASE_PATH: {
    initial: '',
    expected: 'a path such as /certway, without a slash at its end',
    good: ['/certway', '/a/b.c'].map((path) => [path, path]),
    bad: ['certway', '/certway/', '/', '//', '/a b', '/a?b', '/..', 'https://a/b'],
  },
  TRUST_PROXY: {
    initial: 0,
    expected:
      'a number of proxies up to 10, or addresses and networks such as 10.0.0.0/8, with commas between them',
    good: [
      ['0', 0],
      ['2', 2],
      [
        '10.0.0.0/8, ::1',
        [
          { address: '10.0.0.0', bits: 8 },
          { address: '::1', bits: 128 },
        ],
      ],
    ],
    bad: ['11', 'true', '-1', '10.0.0.0/33', 'localhost', '10.0.0.1,', '1.2.3/8', '::/129', '1.1.1.1/8/8'],
  },
  MAX_BODY_BYTES: whole(262_144, 1024, 16_777_216),
  MAX_TOKENS: whole(2000, 10, 100_000),
  MAX_DEPTH: whole(12, 1, 1000),
  MAX_ALIASES: whole(100, 0, 10_000),
  MAX_DIRECTIVES: whole(50, 0, 10_000),
  MAX_COST: whole(75_000, 1, 100_000_000),
  MAX_RESPONSE_BYTES: whole(8_388_608, 1024, 1_073_741_824),
  REQUEST_TIMEOUT_MS: whole(15_000, 1, 3_600_000),
  HEADERS_TIMEOUT_MS: whole(10_000, 1, 3_600_000),
  IDLE_TIMEOUT_MS: whole(65_000, 1, 3_600_000),
  DRAIN_DELAY_MS: whole(0, 0, 3_600_000),
  DRAIN_TIMEOUT_MS: whole(20_000, 1, 3_600_000),
  EXPIRY_REFRESH_MS: whole(900_000, 1000, 86_400_000),
  SUBSCRIPTION_REFRESH_MS: whole(10_000, 1000, 3_600_000),
  MAX_SUBSCRIPTIONS: whole(500, 0, 1_000_000),
  CACHE_TTL_MS: whole(1000, 0, 3_600_000),
  CACHE_STALE_MS: whole(60_000, 0, 86_400_000),
  MAX_UPSTREAM_CALLS_PER_OPERATION: whole(50, 1, 10_000),
  UPSTREAM_CALLS_PER_SECOND: whole(5, 0, 10_000),
  STAGE_READS_PER_SECOND: whole(1, 0, 10),
  FAST_PATH: words(true, 'true', 'false'),
  NOTIFY_DAYS: {
    initial: [30, 14, 7, 3, 1, 0],
    expected: 'whole numbers from 0 to 365, none twice, with commas between them',
    good: [
      ['365', [365]],
      ['7, 30', [30, 7]],
    ],
    bad: ['366', '-1', '7,7', '1.5', ',', 'seven'],
  },
  NOTIFY_WEBHOOKS: {
    initial: [],
    expected: 'entries "URL format=FORMAT secret=SECRET", separated by commas',
    good: [
      [
        'https://hooks.slack.com/services/T/B/x format=slack',
        [{ url: 'https://hooks.slack.com/services/T/B/x', format: 'slack', secret: '', oldSecret: '' }],
      ],
    ],
    bad: [],
  },
  CALENDAR_TOKENS: {
    initial: [],
    expected: 'entries "name=SHA256HEX scope scope", separated by commas',
    good: [
      [
        `team=${'0'.repeat(64)} client-certificates:read`,
        [{ name: 'team', hash: Buffer.alloc(32), scopes: new Set(['client-certificates:read']) }],
      ],
    ],
    bad: [],
  },
  NOTIFY_EVENT_BUS: {
    initial: '',
    expected: 'the name of an event bus, or its ARN',
    good: [
      ['default', 'default'],
      [
        'arn:aws:events:eu-central-1:111111111111:event-bus/certificates',
        'arn:aws:events:eu-central-1:111111111111:event-bus/certificates',
      ],
    ],
    bad: ['a b', 'arn:aws:sns:eu-central-1:111111111111:topic', 'x'.repeat(257)],
  },
  NOTIFY_PATH: text('', 'notices.db'),
  REDIS_URL: {
    initial: '',
    expected: 'a URL such as rediss://user:password@host:6379/0, or unix:///path',
    good: [
      ['redis://cache', 'redis://cache'],
      [
        'rediss://certway:pass%40word@cache.example.com:6380/3',
        'rediss://certway:pass%40word@cache.example.com:6380/3',
      ],
      ['redis://[::1]:6379/', 'redis://[::1]:6379/'],
      ['unix:///run/redis.sock', 'unix:///run/redis.sock'],
    ],
    bad: [
      'cache:6379',
      'http://cache',
      'redis://',
      'redis://cache/first',
      'redis://cache:99999',
      'redis://certway:pass%word@cache:6379',
      'rediss://cert%wayway:password@cache',
      'redis://:%ff@cache',
      'unix://cache',
      'unix:///run/50%.sock',
    ],
  },
  REDIS_CLUSTER: words(false, 'true', 'false'),
  REDIS_KEY_PREFIX: {
    initial: 'certway',
    expected: 'up to 64 letters, digits and any of - _ . :',
    good: [['team-a.certway:prod', 'team-a.certway:prod']],
    bad: ['{a}', 'a b', 'x'.repeat(65), 'é'],
  },
  EXPOSE_COST: words(false, 'true', 'false'),
  METRIC_TAGS: {
    initial: [],
    expected: 'up to 10 keys of tags, with commas between them',
    good: [
      ['team', ['team']],
      [
        'team, cost center,aws:cloudformation:stack-name',
        ['team', 'cost center', 'aws:cloudformation:stack-name'],
      ],
      ['a,b,c,d,e,f,g,h,i,j', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']],
      ['x'.repeat(128), ['x'.repeat(128)]],
    ],
    bad: ['a,b,c,d,e,f,g,h,i,j,k', 'team!', 'x'.repeat(129), ',', ' '],
  },
  RATE_LIMIT_PER_MINUTE: whole(0, 0, 1_000_000),
  MAX_CONNECTIONS: whole(5000, 1, 1_000_000),
  MAX_UNSENT_BYTES: whole(67_108_864, 1024, 68_719_476_736),
  ALLOWED_HOSTS: {
    initial: [],
    expected: 'host names such as certway.example.com, without a port, with commas between them',
    good: [
      ['certway', ['certway']],
      ['certway.example.com, a_b', ['certway.example.com', 'a_b']],
    ],
    bad: [
      'certway:4000',
      'https://certway',
      '*.example.com',
      '*',
      'a b',
      '.example.com',
      'a..b',
      'é.example',
      ',',
      ' ',
    ],
  },
  CORS_ORIGINS: {
    initial: [],
    expected: 'origins such as https://portal.example.com, with commas between them',
    good: [
      ['https://a.example', ['https://a.example']],
      ['https://a.example, http://localhost:3000', ['https://a.example', 'http://localhost:3000']],
    ],
    bad: ['*', 'a.example', 'https://a.example/', 'https://a.example/path', 'null', 'https://A.example', ','],
  },
  GRAPHIQL: words('auto', 'auto', 'true', 'false'),
  PAGE: words(true, 'true', 'false'),
  INTROSPECTION: words('auto', 'auto', 'true', 'false'),
  SUGGESTIONS: words('auto', 'auto', 'true', 'false'),
  NODE_QUERIES: words(true, 'true', 'false'),
  FEDERATION_AUTH_DIRECTIVES: words(false, 'true', 'false'),
  NODE_ENV: text('development', 'production', 'test'),
  EXPIRING_WITHIN_DAYS: whole(30, 0, 365),
  MAX_COLLECTION_PAGES: whole(40, 1, 1000),
  UPSTREAM: words('emulator', 'emulator', 'aws'),
  AWS_REGIONS: {
    initial: [],
    expected: 'regions such as eu-central-1, none twice, with commas between them',
    good: [
      ['eu-central-1', ['eu-central-1']],
      ['us-gov-west-1, us-gov-east-1', ['us-gov-west-1', 'us-gov-east-1']],
      ['us-isob-east-1', ['us-isob-east-1']],
    ],
    bad: ['eu-central-1,eu-central-1', 'eu-central', 'EU-CENTRAL-1', 'eu-*', '*', 'a b', ',', ' , '],
  },
  ACCOUNTS: {
    initial: [],
    expected: 'entries "profile" or "name=role-arn external-id=ID", separated by commas',
    good: [['prod, staging', [{ name: 'prod' }, { name: 'staging' }]]],
    bad: [],
  },
  MAX_PARALLEL_READS: whole(32, 1, 1000),
  UPSTREAM_CONNECT_TIMEOUT_MS: whole(2000, 1, 3_600_000),
  UPSTREAM_REQUEST_TIMEOUT_MS: whole(10_000, 1, 3_600_000),
  EMULATOR_HOST: text('127.0.0.1', '0.0.0.0'),
  EMULATOR_PORT: whole(4001, 0, 65_535),
  EMULATOR_PATH: text('', 'certificates.db'),
  EMULATOR_QUOTA: whole(60, 1, 1_000_000),
  EMULATOR_REQUESTS_PER_SECOND: whole(10, 0, 1_000_000),
  EMULATOR_BURST: whole(40, 1, 1_000_000),
  EMULATOR_CREDENTIALS: {
    initial: null,
    expected: 'an access key and its secret as KEY:SECRET, without blanks',
    good: [['key:secret', { accessKeyId: 'key', secretAccessKey: 'secret' }]],
    bad: ['key', 'key:', ':secret', 'key:se cret'],
  },
  EMULATOR_BACKENDS: {
    initial: [],
    expected: 'hosts such as api.example.com or 10.0.0.7:8443, with commas between them',
    good: [
      ['api.example.com, 10.0.0.7:8443', ['api.example.com', '10.0.0.7:8443']],
      ['[fd00::1]:80', ['[fd00::1]:80']],
    ],
    bad: ['https://api.example.com', '*', 'a b', 'api.example.com/', 'api:99999', 'a@b', ','],
  },
  EMULATOR_BACKEND_CA: text('', 'ca.pem'),
};

/** The error messages about these do not repeat the value. */
const SECRETS = ['EMULATOR_CREDENTIALS', 'REDIS_URL'];

const DEFAULTS = {
  ...Object.fromEntries(Object.entries(FACTS).map(([name, { initial }]) => [name, initial])),
  ...AUTH,
  ...FILES,
};
const NAMES = [...Object.keys(FACTS), ...AUTH_NAMES, ...Object.keys(FILES)];

test('without any environment every setting has its default', () => {
  expect(parseConfig({})).toEqual(DEFAULTS);
});

test('an empty value counts as not set', () => {
  expect(parseConfig(Object.fromEntries(NAMES.map((name) => [name, ''])))).toEqual(DEFAULTS);
});

test('other variables are ignored', () => {
  expect(parseConfig({ PATH: '/bin', AWS_REGION: 'eu-west-1', port: '1' })).toEqual(DEFAULTS);
});

test.each(Object.entries(FACTS))('%s accepts what it expects and nothing else', (name, facts) => {
  for (const [given, value] of facts.good)
    expect(parseConfig({ [name]: given })).toEqual({ ...DEFAULTS, [name]: value });
  for (const given of facts.bad) {
    const got = SECRETS.includes(name) ? 'something else' : JSON.stringify(given);
    expect(complaints({ [name]: given })).toEqual([`${name}: expected ${facts.expected}, got ${got}`]);
  }
});

test('all invalid settings are reported at once, one per line', () => {
  expect(
    complaints({ PORT: 'http', UPSTREAM: 'azure', EMULATOR_BURST: '0', ALLOW_UNAUTHENTICATED: 'si\nno' }),
  ).toEqual([
    'PORT: expected a whole number from 0 to 65535, got "http"',
    'ALLOW_UNAUTHENTICATED: expected true or false, got "si\\nno"',
    'UPSTREAM: expected emulator or aws, got "azure"',
    'EMULATOR_BURST: expected a whole number from 1 to 1000000, got "0"',
  ]);
});

test('METRIC_TAGS are refused if two would be the same label', () => {
  expect(complaints({ METRIC_TAGS: 'cost-center,team,cost.center,cost_center,team' })).toEqual([
    'METRIC_TAGS: expected keys with labels of their own, got "cost-center" and "cost.center" and "cost_center", which are both tag_cost_center',
    'METRIC_TAGS: expected keys with labels of their own, got "team" and "team", which are both tag_team',
  ]);
});

test('a cluster of Redis has no database but 0', async () => {
  const file = join(await emptyFolder(), 'redis-url');
  await writeFile(file, 'redis://:hush@h:6379/3');
  const expected = 'expected the database 0, since REDIS_CLUSTER is true; got 3';
  const REDIS_CLUSTER = 'true';
  expect(complaints({ REDIS_CLUSTER, REDIS_URL: 'redis://:hush@h/3' })).toEqual([`REDIS_URL: ${expected}`]);
  expect(complaints({ REDIS_CLUSTER, REDIS_URL_FILE: file })).toEqual([`REDIS_URL_FILE: ${expected}`]);
  for (const REDIS_URL of ['redis://h', 'rediss://h:1/', 'redis://h/0', 'unix:///run/3', ''])
    expect(complaints({ REDIS_CLUSTER, REDIS_URL })).toEqual([]);
  expect(complaints({ REDIS_URL: 'redis://h/3' })).toEqual([]);
});

test('a connection may be idle for longer than a subscription is silent', () => {
  const env = { REQUEST_TIMEOUT_MS: '7000', IDLE_TIMEOUT_MS: '5000' };
  expect(complaints(env)).toEqual([
    'IDLE_TIMEOUT_MS: expected more than 12000 together with REQUEST_TIMEOUT_MS, since MAX_SUBSCRIPTIONS is not 0; got 12000',
  ]);
  expect(complaints({ ...env, MAX_SUBSCRIPTIONS: '0' })).toEqual([]);
  expect(complaints({ ...env, IDLE_TIMEOUT_MS: '5001' })).toEqual([]);
});

describe('without authentication', () => {
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
        '(AUTH=jwt, AUTH=api-key, AUTH=mtls or ALLOW_UNAUTHENTICATED=true allows it)',
    ]);
    expect(complaints({ HOST, ALLOW_UNAUTHENTICATED: 'false' })).toHaveLength(1);
    expect(parseConfig({ HOST, ALLOW_UNAUTHENTICATED: 'true' })).toMatchObject({ HOST });
  });
});

/** Values that are good by themselves. */
const areGoodTogether = (env: Record<string, string>): boolean =>
  !(env['REDIS_CLUSTER'] === 'true' && env['REDIS_URL']?.endsWith('/3')) &&
  !(env['IDLE_TIMEOUT_MS'] === '1' && env['REQUEST_TIMEOUT_MS'] === '1');

test('any environment gives either valid settings or an error message about each invalid one', () => {
  const given = Object.entries(FACTS).map(([name, { good, bad }]) =>
    fc.option(
      fc.oneof(
        {
          weight: 9,
          arbitrary: fc.constantFrom(...good).map(([text, value]) => ({ name, text, value, isGood: true })),
        },
        ...(bad.length > 0
          ? [fc.constantFrom(...bad).map((text) => ({ name, text, value: null as unknown, isGood: false }))]
          : []),
      ),
    ),
  );
  fc.assert(
    fc.property(fc.tuple(...given), (all) => {
      const told = all.filter((one) => one !== null);
      const env = Object.fromEntries(told.map(({ name, text }) => [name, text]));
      fc.pre(areGoodTogether(env));
      const wrong = told.filter(({ isGood }) => !isGood).map(({ name }) => name);
      const named = complaints(env).map((complaint) => complaint.slice(0, complaint.indexOf(':')));
      expect(named.toSorted()).toEqual(wrong.toSorted());
      if (wrong.length > 0) return;
      const values = Object.fromEntries(told.map(({ name, value }) => [name, value]));
      expect(parseConfig(env)).toEqual({ ...DEFAULTS, ...values });
    }),
  );
});

/** TRUST_PROXY has none, which is 0. */
const shown = (initial: unknown, name: string) =>
  name === 'TRUST_PROXY'
    ? 'none'
    : (Array.isArray(initial) ? initial.join() : String(initial ?? '')) || 'none';

test.each(Object.entries(FACTS))('--help describes %s, its values and its default', (name, facts) => {
  const [, said] = new RegExp(`^ {2}${name} +[A-Z].+[.]\\n +(.+)$`, 'm').exec(describeSettings()) ?? [];
  expect(said).toBe(`${facts.expected}; default: ${shown(facts.initial, name)}`);
});
