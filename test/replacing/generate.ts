import type { ClientCertificate } from '@aws-sdk/client-api-gateway';
import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import {
  CREDENTIALS,
  createInProcess,
  examples,
  type ServiceOptions,
  startService,
} from '../support/service.ts';

export const LIST = 'GetClientCertificates';
export const GENERATE = 'GenerateClientCertificate';
export const DELETE = 'DeleteClientCertificate';

export const GENERATED = `__typename
  ... on GenerateClientCertificatePayload {
    generated clientCertificate { clientCertificateId description tags { key value } replaces { clientCertificateId } }
  }
  ... on Error { code message }
  ... on InvalidInputError { issues { path message } }`;

export const MUTATION = `mutation ($input: GenerateClientCertificateInput!) {
  result: generateClientCertificate(input: $input) { ${GENERATED} }
}`;

/** The service with certificates `c000` and so on. It waits for nothing; `waits` has how long it would have. */
export async function startGenerating({ clock, ...options }: ServiceOptions = {}) {
  const waits: number[] = [];
  const wait = async (ms: number) => waits.push(ms);
  const service = await startService({
    emulator: { examples: examples(2) },
    clock: { wait, ...clock },
    ...options,
  });
  return {
    ...service,
    waits,
    generate: (input: object) => service.query(MUTATION, { input }),
    /** Another process of the service, for the same account and region. */
    replica: async (waitInstead: (ms: number) => Promise<unknown> = wait) => {
      const upstream = { endpoint: service.endpoint, credentials: CREDENTIALS };
      const now = options.now ?? (() => new Date());
      const { query } = await createInProcess({ upstream, clock: { wait: waitInstead, now } });
      return { generate: (input: object) => query(MUTATION, { input }) };
    },
    /** What AWS has besides the examples. */
    made: async (): Promise<ClientCertificate[]> => {
      const { items = [] } = await service.client.send(new GetClientCertificatesCommand({ limit: 500 }));
      return items.filter(({ clientCertificateId = '' }) => !/^c\d{3}$/.test(clientCertificateId));
    },
  };
}
