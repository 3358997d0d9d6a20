import { isDeepStrictEqual } from 'node:util';
import { idsOfC, type QueryName } from './queries.ts';
import type { StubCertificate } from './stub-certificates.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type PageData = {
  clientCertificates: {
    edges: { cursor: string; node: { clientCertificateId: string } }[];
    pageInfo: { startCursor: string | null; endCursor: string | null };
  };
};

/** How a correct service shows this certificate at this moment. */
export function expectedCertificate(item: StubCertificate) {
  const { clientCertificateId, description = null, pemEncodedCertificate, tags = {} } = item;
  const arn = `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`;
  const leftMs = item.expirationDate * 1000 - Date.now();
  return {
    id: Buffer.from(`ClientCertificate:${arn}`).toString('base64'),
    clientCertificateId,
    arn,
    description,
    createdDate: new Date(item.createdDate * 1000).toISOString(),
    expirationDate: new Date(item.expirationDate * 1000).toISOString(),
    status: leftMs < 0 ? 'EXPIRED' : leftMs <= 30 * DAY_MS ? 'EXPIRING' : 'VALID',
    daysUntilExpiration: Math.floor(leftMs / DAY_MS),
    pemEncodedCertificate,
    tags: Object.entries(tags)
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** The first page of these certificates. Each cursor is an index, as in `withPlaces`. */
export const expectedPage = (items: StubCertificate[], first = 25) => ({
  clientCertificates: {
    edges: items.slice(0, first).map((item, place) => ({ cursor: place, node: expectedCertificate(item) })),
    pageInfo: {
      hasNextPage: items.length > first,
      hasPreviousPage: false,
      startCursor: 0,
      endCursor: Math.min(items.length, first) - 1,
    },
  },
});

/**
 * Replaces each cursor by the index of its edge. Cursors are opaque: they must only differ, and those of `pageInfo`
 * must belong to the first and the last edge.
 */
export function withPlaces({ clientCertificates: { edges, pageInfo } }: PageData) {
  const places = new Map(edges.map(({ cursor }, place) => [cursor, place]));
  const placeOf = (cursor: string | null) => places.get(cursor ?? '') ?? null;
  return {
    clientCertificates: {
      edges: edges.map((edge) => ({ ...edge, cursor: placeOf(edge.cursor) })),
      pageInfo: {
        ...pageInfo,
        startCursor: placeOf(pageInfo.startCursor),
        endCursor: placeOf(pageInfo.endCursor),
      },
    },
  };
}

/** Whether the text is the right answer to body number `index` of a query over these certificates. */
export function isRightAnswer(
  name: QueryName,
  index: number,
  items: StubCertificate[],
  text: string,
): boolean {
  const { data, errors } = JSON.parse(text);
  if (errors !== undefined || !data) return false;
  if (name === 'A') return isDeepStrictEqual(withPlaces(data), expectedPage(items));
  return isDeepStrictEqual(data, expectedData(name, index, items));
}

function expectedData(name: 'B' | 'C' | 'D', index: number, items: StubCertificate[]) {
  if (name === 'D') return { __typename: 'Query' };
  const byId = new Map(items.map((item) => [item.clientCertificateId, item]));
  const lookUp = (id: string) => {
    const item = byId.get(id);
    if (!item) throw new Error(`there is no certificate ${id}`);
    return expectedCertificate(item);
  };
  const ids = items.map(({ clientCertificateId }) => clientCertificateId);
  if (name === 'B') return { clientCertificate: lookUp(ids[index] ?? '') };
  return Object.fromEntries(idsOfC(ids).map((id, place) => [`c${place}`, lookUp(id)]));
}
