import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/settings/config.ts';
import { SETTINGS } from '../../src/settings/settings.ts';
import { emulate } from '../emulator/support.ts';
import { startRedis } from '../replicas/redis-server.ts';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { read, run } from './support.ts';

const COMPOSE = 'examples/replicas/docker-compose.yml';

const { services } = parse(await read(COMPOSE));

test('docker-compose accepts the file, and nginx waits for healthy replicas', async () => {
  const given = parse(await run('docker-compose', ['--file', COMPOSE, 'config']));
  expect(given.services.certway).toMatchObject({ read_only: true, deploy: { replicas: 2 } });
  expect(given.services.nginx.depends_on).toMatchObject({ certway: { condition: 'service_healthy' } });
});

test('its settings exist, and name the other services', async () => {
  const { environment, stop_grace_period: grace } = services.certway;
  const config = parseConfig({ HOST: '0.0.0.0', ...environment });
  expect(new URL(config.REDIS_URL)).toMatchObject({ hostname: 'valkey', port: '6379' });
  expect(Number.parseInt(grace, 10) * 1000).toBeGreaterThan(config.DRAIN_DELAY_MS + config.DRAIN_TIMEOUT_MS);
  const others = Object.keys(environment).filter((name) => !(name in SETTINGS));
  expect(others.filter((name) => !name.startsWith('AWS_'))).toEqual([]);
  const emulator = parseConfig({ HOST: '0.0.0.0', ...services.emulator.environment });
  expect(environment['AWS_ENDPOINT_URL']).toBe(`http://emulator:${emulator.EMULATOR_PORT}`);
});

test('what starts without capabilities need not give up being root, and can write where its image wants to', async () => {
  const confined = Object.entries<{ cap_drop?: string[] }>(services).filter(([, { cap_drop }]) => cap_drop);
  expect(confined.map(([name]) => name)).toEqual(['certway', 'valkey']);
  expect(await read('Dockerfile')).toMatch(/^USER node$/m);
  // https://github.com/valkey-io/valkey-container/blob/mainline/docker-entrypoint.sh
  expect(services.valkey).toMatchObject({
    image: expect.stringMatching(/^valkey\/valkey:.*-alpine$/),
    user: '999:1000',
    read_only: true,
    tmpfs: ['/data'],
  });
});

/** nginx as in the example, in front of these instead of the replicas. */
async function startNginx(urls: string[]): Promise<string> {
  const folder = await emptyFolder();
  const port = await freePort();
  const servers = urls.map((url) => `server ${new URL(url).host} max_fails=1 fail_timeout=5s;`).join('\n');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const text = (await read('examples/replicas/nginx.conf'))
    .replace(/server certway:4000 .*/, servers)
    .replace('listen 4000;', `listen 127.0.0.1:${port};`)
    .replace('http {', `http { access_log off; ${paths.join(' ')}`);
  await writeFile(join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; ${text}`);
  const child = spawn('nginx', ['-p', folder, '-c', `${folder}/nginx.conf`, '-e', 'stderr'], {
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  await until(async () => fetch(url));
  return url;
}

test('through nginx two replicas are one, also when one of them or Redis is gone', async () => {
  const { url: aws } = await emulate({ examples: examples(2) });
  const redis = await startRedis();
  const { REDIS_URL, AWS_ENDPOINT_URL, ...environment } = services.certway.environment;
  expect([REDIS_URL, AWS_ENDPOINT_URL]).not.toContain(undefined);
  // what is not shared stays old for longer than the test takes
  const env = { ...environment, REDIS_URL: redis.url, STAGE_READS_PER_SECOND: '0', CACHE_TTL_MS: '600000' };
  const replicas = await Promise.all([serveOn(aws, env), serveOn(aws, env)]);
  const url = await startNginx(replicas.map((one) => one.url));
  const ask = async (query: string) => {
    const body = JSON.stringify({ query });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return response.json();
  };
  const readTwice = async () => [
    await ask('{ clientCertificate(id: "c001") { description } }'),
    await ask('{ clientCertificate(id: "c001") { description } }'),
  ];
  const write = async (text: string) =>
    ask(`mutation { updateClientCertificate(input: { id: "c001", description: "${text}" }) { __typename } }`);
  let written = 0;
  for (let times = 0; times < 3; times += 1)
    await until(async () => {
      written += 1; // on a busy machine, Redis is too late now and then, and each works alone
      expect(await write(`text ${written}`)).not.toHaveProperty('errors');
      const seen = { data: { clientCertificate: { description: `text ${written}` } } };
      expect(await readTwice()).toEqual([seen, seen]);
    });
  await redis.kill();
  for (const answer of await readTwice())
    expect(answer).toHaveProperty('data.clientCertificate.description', `text ${written}`);
  await replicas[0].stop();
  for (const answer of await readTwice())
    expect(answer).toHaveProperty('data.clientCertificate.description', `text ${written}`);
});
