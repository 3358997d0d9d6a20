import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/settings/config.ts';
import { emptyFolder } from '../support/process.ts';
import { ROOT, read, run } from './support.ts';

const dockerfile = await read('Dockerfile');

/** The arguments of an instruction in the last stage, or in all stages. */
const instructions = (name: string, text = dockerfile.split(/^FROM /m).at(-1) ?? '') =>
  Array.from(
    text.replaceAll('\\\n', ' ').matchAll(new RegExp(`^${name}\\s+(.*)$`, 'gm')),
    ([, rest = '']) => rest,
  );

const imageEnv = Object.fromEntries(instructions('ENV').map((line) => line.split('=')));

/** An instruction in its exec form, which starts a process without a shell. */
const argumentsOf = (line = ''): string[] => JSON.parse(line.slice(line.indexOf('[')));

test('docker-compose accepts the file, and its gateway waits for a healthy service', async () => {
  const { services } = parse(
    await run('docker-compose', ['--file', 'examples/docker-compose.yml', 'config']),
  );
  expect(services.certway).toMatchObject({
    build: { context: expect.stringContaining(ROOT.slice(0, -1)) },
    read_only: true,
  });
  expect(services.gateway).toMatchObject({
    depends_on: { certway: { condition: 'service_healthy' } },
    network_mode: 'service:certway',
  });
  expect(instructions('HEALTHCHECK')).toHaveLength(1);
});

test('the service of the compose file starts with its settings, and has enough time to shut down', async () => {
  const { services } = parse(await read('examples/docker-compose.yml'));
  const { environment, stop_grace_period: grace } = services.certway;
  const config = parseConfig({ ...imageEnv, ...environment });
  expect(config).toMatchObject({ HOST: '127.0.0.1', UPSTREAM: 'emulator', NODE_ENV: 'production' });
  expect(Number.parseInt(grace, 10) * 1000).toBeGreaterThan(config.DRAIN_DELAY_MS + config.DRAIN_TIMEOUT_MS);
});

/** The image, as far as it can be built without an engine: the build of its first stage, and the files of its last one. */
async function build(): Promise<string> {
  const [context, folder] = [await emptyFolder(), await emptyFolder()];
  const ignored = (await read('.dockerignore')).split('\n');
  const [first = '', last = ''] = dockerfile.split(/^FROM /m).slice(1);
  const copy = async (stage: string, to: string) => {
    for (const line of instructions('COPY', stage)) {
      const [from, ...paths] = line.replace('--from=build /app/', '--from=build ').split(' ');
      const isBuilt = from === '--from=build';
      for (const path of (isBuilt ? paths : [from, ...paths]).slice(0, -1)) {
        if (!isBuilt) expect(ignored).toContain(`!${path}`);
        await cp(`${isBuilt ? `${context}/` : ROOT}${path}`, `${to}/${path}`, { recursive: true });
      }
    }
  };
  await copy(first, context);
  expect(instructions('RUN', first)).toEqual(['npm ci --ignore-scripts', 'npm run build']);
  await run('npm', ['ci', '--ignore-scripts'], context);
  await run('npm', ['run', 'build'], context);
  await copy(last, folder);
  const started = argumentsOf(instructions('CMD').at(-1)).join(' ');
  expect(instructions('RUN')).toEqual([
    `HOST=127.0.0.1 timeout --preserve-status 10 ${started}`, // fills the compile cache, which a start does not depend on
  ]);
  return folder;
}

test('the image has everything that the service needs, the service writes no file, and the health check works', async () => {
  const folder = await build();
  const [, ...command] = argumentsOf(instructions('CMD').at(-1));
  const [, ...check] = argumentsOf(instructions('HEALTHCHECK')[0]);
  const env = { ...imageEnv, HOST: '127.0.0.1', PORT: '0', EMULATOR_PORT: '0' };
  const child = spawn(process.execPath, ['--permission', '--allow-fs-read=*', ...command], {
    cwd: folder,
    env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/GraphiQL at \S+\n/);
  const url = new URL(/GraphiQL at (\S+)/.exec(printed)?.[1] ?? '');
  const isHealthy = async () =>
    run(process.execPath, check, folder, { PORT: url.port }).then(
      () => true,
      () => false,
    );
  expect(await isHealthy()).toBe(true);
  expect((await (await fetch(url, { headers: { accept: 'text/html' } })).text()).length).toBeGreaterThan(
    1_000_000,
  );
  const body = JSON.stringify({ query: 'mutation { generateClientCertificate(input: {}) { __typename } }' });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await answer.json()).toEqual({
    data: { generateClientCertificate: { __typename: 'GenerateClientCertificatePayload' } },
  });
  child.kill('SIGTERM');
  await closed;
  expect(child.exitCode).toBe(0);
  expect(await isHealthy()).toBe(false);
});
