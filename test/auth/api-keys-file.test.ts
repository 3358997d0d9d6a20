import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { complaints } from '../settings/config-support.ts';
import { apiKeyEntry, QUERY, statusOf } from '../support/authentication.ts';
import { emptyFolder } from '../support/process.ts';
import { startService } from '../support/service.ts';

test('keys are rotated by writing the file, and a broken file changes nothing', async () => {
  const file = join(await emptyFolder(), 'api-keys');
  await writeFile(file, `${apiKeyEntry('portal', 'old')}\n${apiKeyEntry('ci', 'ci')}\n`);
  const checks: (() => void)[] = [];
  const { post, log } = await startService({
    env: { AUTH: 'api-key', API_KEYS_FILE: file },
    clock: { every: (_, run) => void checks.push(run) },
  });
  const check = () => {
    for (const run of checks) run();
  };
  const accepted = async () => {
    const statuses = await Promise.all(
      ['old', 'new', 'ci'].map(async (key) => statusOf(await post(QUERY, { 'x-api-key': key }))),
    );
    return statuses.map((status) => status === 200);
  };
  expect(await accepted()).toEqual([true, false, true]);
  await writeFile(file, [apiKeyEntry('portal', 'old'), apiKeyEntry('portal', 'new')].join());
  check();
  expect(await accepted()).toEqual([true, true, false]);
  await writeFile(file, `${apiKeyEntry('portal', 'new')}\nportal=hush client-certificates:read`);
  check();
  check();
  expect(await accepted()).toEqual([true, true, false]);
  await writeFile(file, '');
  check();
  expect(await accepted()).toEqual([true, true, false]);
  await writeFile(file, apiKeyEntry('portal', 'new'));
  check();
  expect(await accepted()).toEqual([false, true, false]);
  const refused = 'API_KEYS_FILE: the new file is refused, the old stays';
  const used = 'API_KEYS_FILE: the new file is used';
  expect(log.map(({ msg }) => msg).filter((msg) => msg !== 'not authenticated')).toEqual([
    used,
    refused,
    refused,
    used,
  ]);
  expect(JSON.stringify(log)).not.toContain('hush');
});

test('a file that is wrong at the start is reported with all other complaints, and not quoted', async () => {
  const file = join(await emptyFolder(), 'api-keys');
  await writeFile(file, 'portal=hush');
  const said = complaints({
    AUTH: 'api-key',
    API_KEYS_FILE: file,
    PORT: 'x',
    REDIS_URL_FILE: `${file}-none`,
  });
  expect(said).toEqual([
    'PORT: expected a whole number from 0 to 65535, got "x"',
    expect.stringMatching(
      /^API_KEYS_FILE: .*: entry 1: expected the SHA-256 .*got 4 characters; entry 1: expected scopes/,
    ),
    expect.stringMatching(/^REDIS_URL_FILE: ENOENT: .*'$/),
  ]);
});

test('a value and a file with it are one too many', () => {
  expect(complaints({ REDIS_URL: 'redis://a', REDIS_URL_FILE: import.meta.filename })).toContain(
    'REDIS_URL_FILE: expected it without REDIS_URL, got both',
  );
});
