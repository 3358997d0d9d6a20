import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';
import type { TrustedDocuments } from '../settings/trusted-documents.ts';
import { refusal } from './middleware.ts';

/** Puts the text of a document where a request has only its id. */
export type ResolveDocument = (exchange: Exchange, body: string | undefined) => Resolved;

/** The body and the query of the URL as they would be with the text, or why there is none. */
type Resolved = { body: string | undefined; search: string } | { refused: HttpResponse };

export type TrustedDocumentsOptions = {
  /** As they are now. */
  documents: () => TrustedDocuments;
  /** Whether requests with any other text are refused. */
  isOnly: boolean;
};

type Parameters = Record<string, unknown>;

/**
 * Knows two ways to name a document: `documentId` (https://graphql.github.io/graphql-over-http/draft/#sec-Persisted-Documents) and the
 * hash of `extensions.persistedQuery`, which Apollo's clients send. Everything after it sees the text, and so treats such a request
 * like one with it.
 */
export function createResolveDocument({ documents, isOnly }: TrustedDocumentsOptions): ResolveDocument {
  function textOf(parameters: Parameters): string | 'unknown' | 'untrusted' | undefined {
    const id = idIn(parameters);
    const text =
      id === undefined ? undefined : (documents().get(id) ?? documents().get(id.replace(PREFIX, '')));
    if (text !== undefined) return text;
    if (typeof parameters['query'] === 'string' && parameters['query'] !== '')
      return isOnly ? 'untrusted' : undefined;
    if (id !== undefined) return 'unknown';
    return isOnly ? 'untrusted' : undefined;
  }

  function inBody(exchange: Exchange, body: string): Resolved {
    const { search, bodyType } = exchange;
    if (!isOnly && !NAMES_ONE.test(body)) return { body, search };
    const parameters = bodyType === 'application/graphql' ? {} : parametersIn(body);
    const text = textOf(parameters);
    if (text === undefined) return { body, search };
    if (text === 'unknown' || text === 'untrusted') return refused(exchange, text, parameters);
    const { documentId: _, query: __, ...others } = parameters;
    return { body: JSON.stringify({ query: text, ...others }), search };
  }

  function inUrl(exchange: Exchange): Resolved {
    const { search } = exchange;
    if (!isOnly && !NAMES_ONE.test(search)) return { body: undefined, search };
    const url = new URLSearchParams(search);
    const extensions = parametersIn(url.get('extensions') ?? '{}');
    const parameters = { query: url.get('query'), documentId: url.get('documentId'), extensions };
    const text = textOf(parameters);
    if (text === undefined) return { body: undefined, search };
    if (text === 'unknown' || text === 'untrusted') return refused(exchange, text, parameters);
    url.delete('documentId');
    url.set('query', text);
    return { body: undefined, search: `?${url}` };
  }

  return (exchange, body) =>
    body === undefined || isRead(exchange.request) ? inUrl(exchange) : inBody(exchange, body);
}

const NAMES_ONE = /documentId|persistedQuery/;

/** https://graphql.github.io/graphql-over-http/draft/#sec-Document-Identifier */
const PREFIX = /^sha256:/;

function idIn({ documentId, extensions }: Parameters): string | undefined {
  if (typeof documentId === 'string') return documentId;
  if (!(extensions instanceof Object) || !('persistedQuery' in extensions)) return undefined;
  const { persistedQuery } = extensions;
  if (!(persistedQuery instanceof Object) || !('sha256Hash' in persistedQuery)) return undefined;
  return String(persistedQuery.sha256Hash);
}

function parametersIn(json: string): Parameters {
  try {
    const value: unknown = JSON.parse(json);
    return value instanceof Object && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {}; // what executes the request says what is wrong
  }
}

/** Apollo's clients send the text after the first of these; some of them read no body with another status than 200. */
function refused(exchange: Exchange, reason: 'unknown' | 'untrusted', { documentId }: Parameters): Resolved {
  if (reason === 'untrusted') return { refused: refusal(exchange, 400, UNTRUSTED) };
  if (typeof documentId === 'string') return { refused: refusal(exchange, 400, NOT_FOUND) };
  const status = exchange.accepted.mediaType === 'application/json' ? 200 : 400;
  return { refused: refusal(exchange, status, HASH_NOT_FOUND) };
}

const UNTRUSTED = {
  message: 'This service only executes trusted documents, by their ids.',
  extensions: { code: 'DOCUMENT_NOT_TRUSTED' },
};
const NOT_FOUND = {
  message: 'There is no trusted document with this id.',
  extensions: { code: 'DOCUMENT_NOT_FOUND' },
};
const HASH_NOT_FOUND = {
  message: 'PersistedQueryNotFound',
  extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
};
