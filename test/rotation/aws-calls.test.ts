import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { idOf } from '../emulator/support.ts';
import { outcomes } from './load.ts';
import { FINGERPRINTS } from './nginx.ts';
import { startPayments, totals } from './payments.ts';

test('a rotation by AWS calls and trust bundles of the service fails no request', async () => {
  const payments = await startPayments(FINGERPRINTS);
  const { nginx, client, load, attach, invoke, fingerprintOf, truth } = payments;
  const { url } = await payments.serve();
  const bundle = async () => (await fetch(new URL('/trust-bundle/nginx?tag=team:payments', url))).text();
  const { reload } = await nginx.start(await bundle());
  const requests = load();
  const made = idOf(await client.send(new GenerateClientCertificateCommand({ tags: { team: 'payments' } })));
  const [old, renewed] = [`200 ${await fingerprintOf('old')}`, `200 ${await fingerprintOf(made)}`];
  expect(await invoke(made)).toBe(403);
  expect(outcomes(await requests.next())).toEqual({ canary: [old], prod: [old] });

  await reload(await bundle());
  expect([await invoke('old'), await invoke(made), await invoke('stranger')]).toEqual([200, 200, 403]);
  await attach('canary', made);
  expect(outcomes(await requests.next())).toEqual({ canary: [renewed], prod: [old] });
  await attach('prod', made);
  expect(outcomes(await requests.next())).toEqual({ canary: [renewed], prod: [renewed] });
  await client.send(
    new UntagResourceCommand({
      resourceArn: 'arn:aws:apigateway:us-east-1::/clientcertificates/old',
      tagKeys: ['team'],
    }),
  );
  await reload(await bundle());
  expect(await invoke('old')).toBe(403);
  expect(outcomes(await requests.next())).toEqual({ canary: [renewed], prod: [renewed] });
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'old' }));
  expect(outcomes(await requests.next())).toEqual({ canary: [renewed], prod: [renewed] });
  expect(totals(await requests.end())).toMatchObject({ failed: 0, how: {} });
  expect(await truth()).toEqual([made, made]);
});
