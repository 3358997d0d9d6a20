import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { generateRsaKeyPair } from '../../src/emulator/x509.ts';
import { openCertificate } from './certificate-page.ts';

const run = promisify(execFile);

test('the command at the PEM has OpenSSL accept it among others, as it does not without the option', async () => {
  const { page } = await openCertificate('Nobody uses it', {}, {}, { generateKeyPair: generateRsaKeyPair });
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const download = async (what: string) => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download ${what}` }).click();
    const file = await downloading;
    await file.saveAs(join(folder, file.suggestedFilename()));
  };
  await download('the PEM of the certificate');
  await page.getByLabel('Backend').click();
  await page.getByRole('option', { name: 'Java, Go, Python (PEM)' }).click();
  await download('the trust bundle for Java, Go, Python (PEM)');
  const command = await page.getByText(/^openssl verify/).innerText();
  const [program = '', ...args] = command.split(' ');
  const { stdout } = await run(program, args, { cwd: folder });
  expect(stdout).toBe('free01.pem: OK\n');
  const without = args.filter((arg) => arg !== '-partial_chain');
  await expect(run(program, without, { cwd: folder })).rejects.toThrow(/error 18/);
});
