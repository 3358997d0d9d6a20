import { GenerateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { idOf } from '../emulator/support.ts';
import { outcomes } from './load.ts';
import { CERTIFICATES, FINGERPRINTS } from './nginx.ts';
import { startPayments, totals } from './payments.ts';

test('a move before the reload fails every request of the moved stage', async () => {
  const { nginx, client, load, attach, fingerprintOf, ...payments } = await startPayments(FINGERPRINTS);
  const { url } = await payments.serve();
  const bundle = await fetch(new URL('/trust-bundle/nginx?tag=team:payments', url));
  await nginx.start(await bundle.text());
  const made = idOf(await client.send(new GenerateClientCertificateCommand({ tags: { team: 'payments' } })));
  const [old, renewed] = [await fingerprintOf('old'), await fingerprintOf(made)];
  const requests = load();
  expect(outcomes(await requests.next())).toEqual({ canary: [`200 ${old}`], prod: [`200 ${old}`] });
  await attach('canary', made);
  expect(outcomes(await requests.next())).toEqual({ canary: [`403 ${renewed}`], prod: [`200 ${old}`] });
  const { failed, how } = totals(await requests.end());
  expect(failed).toBeGreaterThanOrEqual(25);
  expect(how).toEqual({ canary: [`403 ${renewed}`] });
});

test.each([
  { place: 'behind', join: (old: string, made: string) => old + made },
  { place: 'before', join: (old: string, made: string) => made + old },
])(
  'AWS’s advice, the new certificate $place the old one in one file, fails requests',
  async ({ place, join }) => {
    const { nginx, client, load, attach, pemOf, fingerprintOf } = await startPayments(CERTIFICATES);
    const pem = `${await pemOf('old')}\n`;
    const { reload } = await nginx.start(pem);
    const made = idOf(await client.send(new GenerateClientCertificateCommand()));
    const [old, renewed] = [await fingerprintOf('old'), await fingerprintOf(made)];
    const requests = load();
    expect(outcomes(await requests.next())).toEqual({ canary: [`200 ${old}`], prod: [`200 ${old}`] });
    await reload(join(pem, `${await pemOf(made)}\n`));
    const [trusted, refused] = place === 'behind' ? [old, renewed] : [renewed, old];
    const outcomeOf = (fingerprint: string) => `${fingerprint === trusted ? 200 : 400} ${fingerprint}`;
    expect(outcomes(await requests.next())).toEqual({ canary: [outcomeOf(old)], prod: [outcomeOf(old)] });
    await attach('canary', made);
    expect(outcomes(await requests.next())).toEqual({ canary: [outcomeOf(renewed)], prod: [outcomeOf(old)] });
    const { failed, how } = totals(await requests.end());
    expect(failed).toBeGreaterThanOrEqual(25);
    expect(new Set(Object.values(how).flat())).toEqual(new Set([`400 ${refused}`]));
  },
);
