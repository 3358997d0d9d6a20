import { parse } from 'graphql';
import { shortened } from '../errors/shortened.ts';
import { withComplaints } from './parsers.ts';

/** The texts of GraphQL documents by their ids. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/**
 * Reads what clients' tools write: an object of ids and texts (graphql-codegen's and Relay's `persistedDocuments`), or Apollo's manifest
 * (https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format).
 */
function parseTrustedDocuments(text: string): { value: TrustedDocuments; complaints: string[] } {
  const documents = new Map<string, string>();
  const complaints: string[] = [];
  for (const [id, document] of entriesIn(text)) {
    const wrong = typeof document === 'string' ? syntaxErrorIn(document) : 'it is no text';
    if (typeof document === 'string') documents.set(id, document);
    if (wrong !== undefined)
      complaints.push(`${JSON.stringify(shortened(id, 80))}: expected a GraphQL document, but ${wrong}`);
  }
  if (documents.size + complaints.length === 0)
    complaints.push("expected JSON of ids and documents, or Apollo's manifest, got none");
  return { value: documents, complaints: complaints.slice(0, MAX_COMPLAINTS) };
}

const MAX_COMPLAINTS = 10;

function entriesIn(text: string): [id: string, document: unknown][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (!(value instanceof Object) || Array.isArray(value)) return [];
  if (!('operations' in value && Array.isArray(value.operations))) return Object.entries(value);
  return value.operations.map((one: unknown) =>
    one instanceof Object && 'id' in one && 'body' in one
      ? [String(one.id), one.body]
      : ['operations', undefined],
  );
}

function syntaxErrorIn(document: string): string | undefined {
  try {
    parse(document);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const trustedDocuments = withComplaints(
  "JSON of ids and GraphQL documents, or Apollo's manifest",
  parseTrustedDocuments,
);
