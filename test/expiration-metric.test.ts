import { DeleteClientCertificateCommand, UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { createContext } from '../src/context.ts';
import { runService } from './running-service.ts';
import { examples, type ServiceOptions, startService } from './support.ts';

const CREATED = examples(1)[0]?.createdDate ?? new Date(0);
const EXPIRES = CREATED.getTime() / 1000 + 365 * 24 * 60 * 60;
const METRIC = 'certway_client_certificate_expiration_timestamp_seconds';

const READER = { name: 'test', scopes: new Set(['client-certificates:read' as const]) };

/** The service; `refresh` does now what its watch does at every interval. */
async function start(options: ServiceOptions) {
  const service = await startService(options);
  const { apiGateway, cache, config, metrics, server } = service;
  return {
    ...service,
    refresh: async () => {
      const { clientCertificates } = createContext({ config, apiGateway, cache })({
        viewer: READER,
        gone: () => new AbortController().signal,
      });
      metrics.certificates(await clientCertificates.all());
    },
    expirations: async () =>
      (await (await server.fetch('http://localhost/metrics')).text())
        .split('\n')
        .filter((line) => line.startsWith(`${METRIC}{`))
        .map((line) => line.slice(METRIC.length)),
  };
}

test('the expiration is there for each certificate, whatever its description', async () => {
  const descriptions = [
    'plain',
    '',
    'with "quotes"',
    'two\nlines',
    'back\\slash',
    'a="b",c="d"} 1',
    'ünï 🔑',
  ];
  const service = await start({
    emulator: {
      examples: descriptions.map((description, i) => ({ id: `c${i}`, description, createdDate: CREATED })),
    },
  });
  await service.refresh();
  expect((await service.expirations()).toSorted()).toEqual(
    [
      'plain',
      '',
      'with \\"quotes\\"',
      'two\\nlines',
      'back\\\\slash',
      'a=\\"b\\",c=\\"d\\"} 1',
      'ünï 🔑',
    ].map((escaped, i) => `{client_certificate_id="c${i}",description="${escaped}"} ${EXPIRES}`),
  );
});

test('the expiration is gone with the certificate, and has its newest description', async () => {
  const service = await start({ emulator: { examples: examples(3) } });
  await service.refresh();
  expect(await service.expirations()).toHaveLength(3);
  await service.client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c001' }));
  const patchOperations = [{ op: 'replace' as const, path: '/description', value: 'renamed' }];
  await service.client.send(
    new UpdateClientCertificateCommand({ clientCertificateId: 'c002', patchOperations }),
  );
  expect(await service.expirations()).toHaveLength(3);
  await service.refresh();
  expect(await service.expirations()).toEqual([
    `{client_certificate_id="c000",description=""} ${EXPIRES}`,
    `{client_certificate_id="c002",description="renamed"} ${EXPIRES}`,
  ]);
});

test('the expirations of more than one page of AWS are there', async () => {
  const service = await start({ emulator: { examples: examples(501) } });
  expect(await service.callsOf(() => service.refresh())).toHaveLength(2);
  expect(await service.expirations()).toHaveLength(501);
});

test('the service reads them by itself once it starts', async () => {
  const { calls, log, url } = await runService({ emulator: { examples: examples(2) } });
  const scrape = async () => (await fetch(`${url}/metrics`)).text();
  await expect
    .poll(scrape, { timeout: 10_000 })
    .toContain(`${METRIC}{client_certificate_id="c001",description=""}`);
  for (let i = 0; i < 5; i++) await scrape();
  expect(calls).toHaveLength(1);
  expect(log).toEqual([]);
});

test('a service that cannot read them says so in its log, and serves', async () => {
  const { log, status } = await runService({
    emulator: { credentials: { accessKeyId: 'other', secretAccessKey: 'other' } },
  });
  await expect
    .poll(() => log, { timeout: 10_000 })
    .toMatchObject([
      { level: 'warn', code: 'UPSTREAM_DENIED', msg: 'could not read the certificates for their metric' },
    ]);
  expect(await status('/ready')).toBe(200);
});
