import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { runService } from '../support/running-service.ts';
import { examples } from '../support/service.ts';
import type { Subgraph } from './composers.ts';

/** The schema in this repository, which anyone can compose. */
export const SCHEMA = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

/** The service with 40 certificates, `c000` and so on; `calls` begins after the first read for the metrics. */
export async function start(env: Record<string, string> = {}, emulator: EmulatorOptions = {}) {
  const service = await runService({ emulator: { examples: examples(40), ...emulator }, env });
  await vi.waitUntil(() => service.calls.length > 0, { timeout: 10_000 });
  service.calls.length = 0;
  const subgraph = (sdl = SCHEMA): Subgraph => ({
    name: 'client-certificates',
    url: `${service.url}/graphql`,
    sdl,
  });
  return {
    ...service,
    subgraph,
    /** With the SDL that the service returns. */
    askedSubgraph: async (authorization = '') => {
      const response = await service.post('{ _service { sdl } }', { headers: { authorization } });
      return subgraph((await response.json()).data._service.sdl);
    },
    /** The operations in its log. */
    operations: () => service.operations,
  };
}

/** The accounts of the service with several, by their names in its settings. */
export const ACCOUNT_IDS = { prod: '111111111111', staging: '222222222222' };

/** The service with two accounts in one region: `both` is in each of them, `prod` and `staging` in one of them. */
export const startTwoAccounts = (env: Record<string, string> = {}) =>
  start(
    {
      AWS_REGIONS: 'us-east-1',
      ACCOUNTS: Object.entries(ACCOUNT_IDS)
        .map(([name, id]) => `${name}=arn:aws:iam::${id}:role/certway`)
        .join(),
      ...env,
    },
    {
      accountRegions: Object.entries(ACCOUNT_IDS).map(([name, accountId]) => ({
        accountId,
        region: 'us-east-1',
        examples: ['both', name].map((id) => ({ id, createdDate: new Date('2026-11-01T00:00:00Z') })),
      })),
    },
  );

export const arnOf = (clientCertificateId: string): string =>
  `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`;
