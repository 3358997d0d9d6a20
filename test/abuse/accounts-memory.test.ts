import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { examples } from '../support/service.ts';

const CHILD = new URL('accounts-memory-child.ts', import.meta.url).pathname;
const KIB = 1024;

/** 60 accounts in 20 regions, with two certificates each. */
const ACCOUNT_REGIONS = Array.from({ length: 1200 }, (_, i) => ({
  accountId: String(100_000_000_000 + Math.floor(i / 20)),
  region: `eu-north-${(i % 20) + 1}`,
  examples: examples(2),
}));

test('an account and region takes less than 20 KiB of the heap while it is only configured, and less than 120 once it was used', async () => {
  const { url } = await emulate({ accountRegions: ACCOUNT_REGIONS });
  const child = spawn(process.execPath, ['--expose-gc', CHILD, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { places, startMs, listenMs, scrapeMs, before, configured, listed, idle, data } = JSON.parse(
    await text(child.stdout),
  );
  const each = (after: Memory, name: keyof Memory) => (after[name] - before[name]) / KIB / places;
  for (const [what, after] of Object.entries({ configured, listed, idle }))
    process.stdout.write(
      `${places} accounts and regions, ${what}: ${each(after, 'heapUsed').toFixed(1)} KiB of the heap and ${each(after, 'rss').toFixed(1)} KiB of memory each\n`,
    );
  process.stdout.write(
    `made in ${Math.round(startMs)} ms, listened ${Math.round(listenMs)} ms later; a scrape takes ${Math.round(scrapeMs)} ms\n`,
  );
  expect(data.accountRegions).toHaveLength(1200);
  expect(data.clientCertificates.unavailable).toEqual([]);
  expect(data.clientCertificates.nodes).toHaveLength(5);
  expect(each(configured, 'heapUsed')).toBeLessThan(20);
  expect(each(idle, 'heapUsed')).toBeLessThan(120);
});

type Memory = { heapUsed: number; rss: number };
