import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, run, serveOn } from '../support/process.ts';

const CLIENTS = 8;
const KILLS = 3;

const GENERATE =
  'mutation { generateClientCertificate(input: {}) { ... on GenerateClientCertificatePayload { clientCertificate { clientCertificateId } } } }';
const COUNT = '{ clientCertificates(first: 500) { totalCount nodes { clientCertificateId } } }';

test('every acknowledged certificate still exists after kill -9 of the emulator', async () => {
  const path = join(await emptyFolder(), 'emulator.sqlite');
  const port = `${await freePort()}`;
  const startEmulator = async () => {
    const emulator = await run(['emulator'], {
      EMULATOR_PATH: path,
      EMULATOR_PORT: port,
      EMULATOR_QUOTA: '100000',
      EMULATOR_REQUESTS_PER_SECOND: '0',
    });
    const url = await emulator.printed(/http:\S+:\d+/);
    return { child: emulator.child, url };
  };
  let emulator = await startEmulator();
  const service = await serveOn(emulator.url, { LOG_LEVEL: 'error' });

  const acknowledged: string[] = [];
  const failed: unknown[] = [];
  let stopped = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!stopped) {
      const { data, errors } = await service.query(GENERATE);
      const id = data?.generateClientCertificate?.clientCertificate?.clientCertificateId;
      if (id) acknowledged.push(id);
      else failed.push(errors?.[0]?.extensions['code']);
    }
  });
  const untilMore = (more: number) => {
    const enough = acknowledged.length + more;
    return vi.waitFor(() => expect(acknowledged.length).toBeGreaterThanOrEqual(enough), {
      timeout: 30_000,
      interval: 1,
    });
  };

  for (let kills = 0; kills < KILLS; kills += 1) {
    await untilMore(10);
    emulator.child.kill('SIGKILL');
    await once(emulator.child, 'exit');
    const before = failed.length;
    await vi.waitFor(() => expect(failed.length).toBeGreaterThan(before), { timeout: 30_000 });
    emulator = await startEmulator();
  }
  await untilMore(10);
  stopped = true;
  await Promise.all(clients);

  const { data, errors } = await service.query(COUNT);
  expect(errors).toBe(undefined);
  const there: string[] = data.clientCertificates.nodes.map(
    (node: { clientCertificateId: string }) => node.clientCertificateId,
  );
  expect(data.clientCertificates.totalCount).toBe(there.length);
  expect(there).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  // A kill can cut off one response per client, whose certificates may exist anyway.
  expect(there.length - acknowledged.length).toBeLessThanOrEqual(KILLS * CLIENTS);
  expect(new Set(failed)).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
});
