/** The selected fields of a certificate: all but `x509`. */
const FIELDS =
  'id clientCertificateId arn description createdDate expirationDate status daysUntilExpiration pemEncodedCertificate tags { key value }';

export type QueryName = 'A' | 'B' | 'C' | 'D';

export const QUERY_NAMES: QueryName[] = ['A', 'B', 'C', 'D'];

/** What each query asks for, in words. */
export const MEANING: Record<QueryName, string> = {
  A: 'a page of 25 with every field',
  B: 'one lookup, each id in turn',
  C: '25 aliased lookups of different ids',
  D: '`{ __typename }`',
};

export type PageOptions = { first?: number; after?: string };

/** The body of a request for a page with every field but `x509`. */
export function pageBody({ first = 25, after }: PageOptions = {}): string {
  const args = after === undefined ? `first: ${first}` : `first: ${first}, after: "${after}"`;
  return bodyOf(
    `{ clientCertificates(${args}) { edges { cursor node { ${FIELDS} } } ` +
      'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
  );
}

/** The body of a request for one certificate, whose id is a variable. */
export const lookupBody = (id: string): string =>
  bodyOf(`query Lookup($id: ID!) { clientCertificate(id: $id) { ${FIELDS} } }`, { id });

/** The body of a request that generates a certificate. */
export const generateBody = (description: string): string =>
  bodyOf(
    'mutation Generate($description: String) { generateClientCertificate(input: { description: $description }) ' +
      '{ ... on GenerateClientCertificatePayload { clientCertificate { clientCertificateId } } } }',
    { description },
  );

/** The request bodies of a query, for a collection with these ids. */
export function bodiesOf(name: QueryName, ids: string[]): string[] {
  if (name === 'A') return [pageBody()];
  if (name === 'B') return ids.map(lookupBody);
  if (name === 'C') return [bodyOf(manyLookups(ids))];
  return [TYPENAME_BODY];
}

/** The 25 ids that C looks up, spread over all. */
export const idsOfC = (ids: string[]): string[] =>
  Array.from({ length: 25 }, (_, index) => ids[(index * 7) % ids.length] ?? '');

function manyLookups(ids: string[]): string {
  const lookups = idsOfC(ids).map((id, index) => `c${index}: clientCertificate(id: "${id}") { ...Fields }`);
  return `query Many { ${lookups.join(' ')} } fragment Fields on ClientCertificate { ${FIELDS} }`;
}

/** The body of a request. */
export const bodyOf = (query: string, variables?: Record<string, string>): string =>
  JSON.stringify({ query, ...(variables && { variables }) });

/** The body of a request that needs no AWS call. */
export const TYPENAME_BODY: string = bodyOf('{ __typename }');
