import { expect } from 'vitest';
import { runService } from '../support/running-service.ts';
import { examples } from '../support/service.ts';

/** The number of certificates. */
const TOTAL = 120;

/** The service with 120 certificates, and a `fetch` for clients that counts their requests. */
export async function serve() {
  const service = await runService({ emulator: { examples: examples(TOTAL), quota: 2 * TOTAL } });
  const requests: RequestInit[] = [];
  const countingFetch: typeof fetch = (input, init = {}) => {
    requests.push(init);
    return fetch(input, init);
  };
  /** A page, read without a client library. */
  const page = async (args: string): Promise<{ ids: string[]; pageInfo: { endCursor: string } }> => {
    const { data } = await service.query(
      `{ page: clientCertificates(${args}) { nodes { id } pageInfo { endCursor } } }`,
    );
    return { ids: data.page.nodes.map(({ id }: { id: string }) => id), pageInfo: data.page.pageInfo };
  };
  return { ...service, page, endpoint: `${service.url}/graphql`, fetch: countingFetch, requests };
}

/** Whether these are the ids of all certificates, each once. */
export function expectAll(ids: string[]): void {
  expect(ids).toHaveLength(TOTAL);
  expect(new Set(ids).size).toBe(TOTAL);
}
