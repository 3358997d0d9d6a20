/** The hash of a document of `graphql(…)`, by which the service knows its text. */
export function hashOf(document: object): string | undefined {
  const meta: unknown = '__meta__' in document ? document.__meta__ : undefined;
  return meta instanceof Object && 'hash' in meta ? String(meta.hash) : undefined;
}
