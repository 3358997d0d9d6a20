import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GenerateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import { clientOf, emulate, idOf, walk } from '../emulator/support.ts';
import { emptyFolder } from '../support/process.ts';

/** An emulator in its own process, which ends with the test at the latest. */
async function spawnEmulator(path: string) {
  const script = join(import.meta.dirname, 'killed-emulator.ts');
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const url of createInterface(child.stdout)) return { client: clientOf(url), child, exited };
  throw new Error('The emulator did not start.');
}

test('a certificate that was answered with 201 still exists after kill -9', async () => {
  const path = join(await emptyFolder(), 'emulator.sqlite');
  const { client, child, exited } = await spawnEmulator(path);
  const answered: string[] = [];
  const generates = Array.from({ length: 20 }, async () => {
    answered.push(idOf(await client.send(new GenerateClientCertificateCommand())));
    if (answered.length === 5) child.kill('SIGKILL');
  });
  await Promise.allSettled(generates);
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(answered.length).toBeGreaterThanOrEqual(5);

  const { client: again } = await emulate({ path });
  expect(await walk(again, 500)).toEqual(expect.arrayContaining(answered));
});

test('two emulator processes share a file and its quota', async () => {
  const path = join(await emptyFolder(), 'emulator.sqlite');
  const [{ client: here }, { client: there }] = [await emulate({ path }), await spawnEmulator(path)];
  const generates = Array.from({ length: 80 }, (_, i) =>
    (i % 2 ? here : there).send(new GenerateClientCertificateCommand()),
  );
  const answers = await Promise.allSettled(generates);
  const made = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [idOf(answer.value)] : []));
  const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.name] : []));
  expect(made).toHaveLength(60);
  expect(new Set(refusals)).toEqual(new Set(['LimitExceededException']));
  expect(await walk(here, 500)).toEqual(made.toSorted());
  expect(await walk(there, 7)).toEqual(made.toSorted());
});
