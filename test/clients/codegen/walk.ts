import type { TypedDocumentString, WalkListQueryVariables } from './__generated__/graphql.ts';
import { graphql } from './__generated__/index.ts';

const LIST = graphql(`
  query WalkList($first: Int!, $after: String, $filter: ClientCertificateFilter) {
    clientCertificates(first: $first, after: $after, filter: $filter) {
      nodes {
        id
        description
        status
        expirationDate
        tags {
          key
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** One operation, whose variables and answer have the types that the code generator gave them. */
async function execute<Result, Variables>(
  endpoint: string,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Result; errors?: object[] };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The ids of all certificates, page by page. */
export async function walk(endpoint: string, first: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const variables: WalkListQueryVariables = { first, after };
    const { clientCertificates } = await execute(endpoint, LIST, variables);
    for (const node of clientCertificates.nodes) if (node) ids.push(node.id);
    const { hasNextPage, endCursor } = clientCertificates.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after);
  return ids;
}
