import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { emptyFolder, serve } from '../support/process.ts';

vi.setConfig({ testTimeout: 60_000 });

const AWS = { UPSTREAM: 'aws', AWS_REGION: 'eu-west-1' };
const JWT = {
  AUTH: 'jwt',
  JWT_ISSUER: 'https://issuer.example.com/',
  JWT_AUDIENCE: 'certway',
  JWT_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
};

/** Writes the URL of every module that the process loads to its stderr. */
const TELL_MODULES = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    registerHooks({
      load(url, context, nextLoad) {
        process.stderr.write(url + '\\n');
        return nextLoad(url, context);
      },
    });
  `)}`,
];

/** The parts that not every process needs, and the pattern of the URLs of their modules. */
const PARTS = {
  emulator: /\/src\/emulator\/|^node:sqlite$/,
  jose: /\/node_modules\/jose\/|\/src\/auth\/(jwt|jwks|fetch-jwks)\.ts$/,
  'rate limiter': /\/node_modules\/rate-limiter-flexible\//,
  GraphiQL: /\/node_modules\/@graphql-yoga\/render-graphiql\//,
  STS: /\/node_modules\/@aws-sdk\/client-sts\/|\/src\/aws\/accounts?\.ts$/,
  'client of Redis': /\/node_modules\/@redis\/client\/|\/src\/replicas\/redis(-client)?\.ts$/,
  notices: /\/src\/notifications\/notifications\.ts$/,
  'client of EventBridge': /\/node_modules\/@aws-sdk\/client-eventbridge\//,
  'log for a terminal': /\/src\/observability\/log-terminal\.ts$/,
};

const partsIn = (stderr: string) =>
  Object.entries(PARTS)
    .filter(([, pattern]) => stderr.split('\n').some((url) => pattern.test(url)))
    .map(([part]) => part);

test.each<[what: string, env: Record<string, string>, parts: string[]]>([
  ['on AWS, none of the parts', AWS, []],
  ['on the emulator, the emulator', {}, ['emulator']],
  ['with AUTH=jwt, jose', { ...AWS, ...JWT }, ['jose']],
  ['with regions, none of the parts', { ...AWS, AWS_REGIONS: 'eu-west-1,us-east-1' }, []],
  ['with accounts, STS', { ...AWS, ACCOUNTS: 'dev,prod=arn:aws:iam::111111111111:role/certway' }, ['STS']],
  ['with REDIS_URL, its client', { ...AWS, REDIS_URL: 'unix:///nowhere' }, ['client of Redis']],
  [
    'with a webhook, notices',
    { ...AWS, NOTIFY_WEBHOOKS: 'http://127.0.0.1:1 format=slack', NOTIFY_DAYS: '0' },
    ['notices'],
  ],
  [
    'with an event bus, its client',
    { ...AWS, NOTIFY_EVENT_BUS: 'certificates' },
    ['notices', 'client of EventBridge'],
  ],
  ['with a rate limit, its library', { ...AWS, RATE_LIMIT_PER_MINUTE: '60' }, ['rate limiter']],
])('the start loads only the configured parts: %s', async (_, env, parts) => {
  const { stop } = await serve(env, TELL_MODULES);
  const { stderr } = await stop();
  expect(stderr).toContain('/src/server.ts\n');
  expect(partsIn(stderr)).toEqual(parts);
});

test('GraphiQL is loaded when a browser asks for it', async () => {
  const { url, stop } = await serve(AWS, TELL_MODULES);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('Certway');
  expect(partsIn((await stop()).stderr)).toEqual(['GraphiQL']);
});

test('the compile cache is kept when a signal ends the process, and used unchanged by the next start', async () => {
  const NODE_COMPILE_CACHE = await emptyFolder();
  const startAndStop = async () => {
    const { stop } = await serve({ NODE_COMPILE_CACHE });
    expect(await stop()).toMatchObject({ code: 0, stderr: '' });
    const files = globSync('*/*', { cwd: NODE_COMPILE_CACHE });
    return new Map(files.map((file) => [file, statSync(join(NODE_COMPILE_CACHE, file)).mtimeMs]));
  };
  const first = await startAndStop();
  expect(first.size).toBeGreaterThan(500);
  const second = await startAndStop();
  expect(Array.from(first.keys(), (file) => [file, second.get(file)])).toEqual([...first]);
});

test('the process starts and ends also if the compile cache cannot be written', async () => {
  const { query, stop } = await serve({ NODE_COMPILE_CACHE: '/dev/null/compiled' });
  expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await stop()).toMatchObject({ code: 0, stderr: '' });
});

test('the library of the page is loaded only when a browser asks for it', async () => {
  const tellLoads = `
    import { registerHooks } from 'node:module';
    registerHooks({
      load(url, context, next) {
        if (url.includes('render-graphiql')) process.stderr.write('loaded ');
        return next(url, context);
      },
    });
  `;
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(tellLoads)}`];
  for (const [accept, loads] of [
    ['application/json', /^$/],
    ['text/html', /^(loaded )+$/],
  ] as const) {
    const { url, stop } = await serve({}, nodeArgs);
    await (await fetch(`${url}?query={__typename}`, { headers: { accept } })).text();
    expect(await stop()).toMatchObject({ code: 0, stderr: expect.stringMatching(loads) });
  }
});
