import { expect, test, vi } from 'vitest';
import { apiKeyEntry, QUERY, statusOf } from '../support/authentication.ts';
import { run } from '../support/process.ts';
import { startService } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

const runApiKey = async (...args: string[]) => (await run(['api-key', ...args])).end();

test('npm run api-key prints a new key and an entry that lets it in', async () => {
  const { stdout } = await runApiKey('portal');
  const [key = ''] = /certway_[\w-]{43}$/m.exec(stdout) ?? [];
  const [entry = ''] = /portal=\S.*$/m.exec(stdout) ?? [];
  expect(entry).toBe(apiKeyEntry('portal', key));
  const { post } = await startService({ env: { AUTH: 'api-key', API_KEYS: entry } });
  expect(await statusOf(await post(QUERY, { 'x-api-key': key }))).toBe(200);
  expect((await runApiKey('portal')).stdout).not.toContain(key);
});

test.each([[], ['two', 'names'], ['a name'], ['a,b'], ['a=b'], [''], ['-portal'], ['--name']])(
  'npm run api-key says what it expects for %j',
  async (...args) => {
    const { code, stderr } = await runApiKey(...args);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `expected one name of 1 to 64 letters, digits and . _ -, not beginning with -, got "${args.join(' ')}"\n`,
    );
  },
);
