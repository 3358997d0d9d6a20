import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { brokenItem, html502 } from '../../src/emulator/fault.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { outcomeOf, placeOfServer, takeExample } from './backend.ts';
import { BACKENDS, startNginx } from './backends.ts';
import { startTrust, type TrustOptions } from './certificates.ts';

/** The script of the cron job, which keeps `trust.nginx` in the folder. */
async function start(options: TrustOptions = {}) {
  const [place, trust] = await Promise.all([placeOfServer(), startTrust(options)]);
  const { folder } = place;
  const script = await takeExample('update-trust-bundle.sh', place);
  const file = join(folder, 'trust.nginx');
  const url = trust.bundleUrl('nginx');
  return {
    ...trust,
    place,
    url,
    read: async () => readFile(file, 'utf8'),
    /** Its exit code and what it says. The command writes a line where it was run. */
    update: async (command = 'true', from = url, env = {}) => {
      const run = promisify(execFile)(script, [from, file, 'sh', '-c', `echo >>${folder}/runs; ${command}`], {
        env: { PATH: '/usr/bin:/bin', ...env },
      });
      const { code = 0, stdout, stderr } = await run.catch((error) => error);
      return { code, said: stdout + stderr };
    },
    runs: async () => (await readFile(join(folder, 'runs'), 'utf8').catch(() => '')).length,
    /** What it leaves in the folder besides what it is for. */
    rest: async () =>
      (await readdir(folder)).filter((name) => /^trust\.nginx\.(?!etag$|previous$)/.test(name)),
  };
}

const DONE = { code: 0, said: '' };

test('nginx learns of a new certificate, and nothing is reloaded while there is none', async () => {
  const { place, old, generateNew, update, runs, rest } = await start();
  expect(await update()).toEqual(DONE);
  await startNginx(place, 'nginx.conf');
  const main = join(place.folder, 'main.conf');
  const reload = `/usr/sbin/nginx -t -q -c ${main} && /usr/sbin/nginx -s reload -c ${main}`;
  expect(await update(reload)).toEqual(DONE);
  expect(await runs()).toBe(1);

  const renewed = await generateNew();
  expect(await outcomeOf(place.port, renewed)).toBe('refused');
  expect((await update(reload)).code).toBe(0);
  do expect(await outcomeOf(place.port, old)).toBe('accepted');
  while ((await outcomeOf(place.port, renewed)) !== 'accepted');
  expect(await update(reload)).toEqual(DONE);
  expect(await runs()).toBe(2);
  expect(await rest()).toEqual([]);
});

test('a bundle that cannot be loaded is taken back, and tried again', async () => {
  const { generateNew, update, read, runs, bundle, rest } = await start();
  await update();
  const before = await read();
  await generateNew();
  for (let times = 2; times < 4; times += 1) {
    expect(await update('false')).toEqual({ code: 1, said: expect.stringContaining('could not be loaded') });
    expect(await read()).toBe(before);
    expect(await runs()).toBe(times);
  }
  expect(await update()).toEqual(DONE);
  expect(await read()).toBe(await bundle('nginx'));
  expect(await rest()).toEqual([]);
});

test('a first bundle that cannot be loaded leaves no file', async () => {
  const { update, read } = await start();
  expect((await update('false')).code).toBe(1);
  await expect(read()).rejects.toThrow('ENOENT');
});

test('a file that was deleted comes back', async () => {
  const { place, update, read, bundle } = await start();
  await update();
  await promisify(execFile)('rm', [join(place.folder, 'trust.nginx')]);
  expect(await update()).toEqual(DONE);
  expect(await read()).toBe(await bundle('nginx'));
});

describe('the file stays as it is', () => {
  test.each([
    ['where nothing has the tag', '?tag=team:paymets', 'No client certificate matches.'],
    ['where a parameter is wrong', '?tags=team:payments', 'no other parameters'],
  ])('%s', async (_, search, words) => {
    const { update, read, url, runs, rest } = await start();
    await update();
    const before = await read();
    const { code, said } = await update('true', url.replace(/\?.*/, search));
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(words) });
    expect(await read()).toBe(before);
    expect(await runs()).toBe(1);
    expect(await rest()).toEqual([]);
  });

  test('where nobody answers', async () => {
    const { update, read, rest } = await start();
    await update();
    const before = await read();
    const { code, said } = await update('true', 'http://127.0.0.1:1/trust-bundle/nginx');
    expect(code).not.toBe(0);
    expect(said).toContain('127.0.0.1');
    expect(await read()).toBe(before);
    expect(await rest()).toEqual([]);
  });

  test.each([
    ['where AWS sends a broken certificate', brokenItem],
    ['where AWS is down', html502],
  ])('%s', async (_, fault) => {
    const { update, read, fail } = await start();
    await update();
    const before = await read();
    fail(() => fault);
    expect((await update()).code).toBe(1);
    expect(await read()).toBe(before);
  });

  test('where the answer is an old one, which is good enough for a first file', async () => {
    const { place, update, read, fail, generateNew, bundle } = await start({
      env: { CACHE_STALE_MS: '60000' },
    });
    await update();
    const before = await read();
    await generateNew();
    expect(await bundle('nginx')).not.toBe(before);
    fail(() => html502);
    expect(await update()).toEqual({ code: 0, said: expect.stringContaining('stays as it is') });
    expect(await read()).toBe(before);
    await promisify(execFile)('rm', [join(place.folder, 'trust.nginx')]);
    expect(await update()).toEqual(DONE);
    expect(await read()).not.toBe(before);
  });
});

test('credentials come from a file, and are in no argument', async () => {
  const { place, update, read } = await start({
    env: { AUTH: 'api-key', API_KEYS: apiKeyEntry('backend', 'secret', 'client-certificates:read') },
  });
  expect(await update()).toEqual({ code: 1, said: expect.stringContaining('UNAUTHENTICATED') });
  const headers = join(place.folder, 'headers');
  await writeFile(headers, 'x-api-key: secret\n');
  expect(await update('true', undefined, { CERTWAY_HEADERS: headers })).toEqual(DONE);
  expect(await read()).toContain('map $ssl_client_fingerprint');
});

test('the cron jobs write what the examples read, each in its form', async () => {
  const cron = await readFile(new URL('../../examples/backends/certway.cron', import.meta.url), 'utf8');
  const jobs = Array.from(
    cron.matchAll(
      /^\*\/5 \* \* \* \* root update-trust-bundle\.sh "\$URL\/(\w+)\?tag=team:payments" (\S+) \S/gm,
    ),
    ([, format, file]) => ({ format, file }),
  );
  expect(jobs).toEqual(
    BACKENDS.slice(0, 3).map(({ format, file }) => ({ format, file: `/etc/certway/${file}` })),
  );
});
