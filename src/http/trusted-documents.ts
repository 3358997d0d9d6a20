import { type Exchange, type HttpResponse, isRead } from '../exchange.ts';
import { type MaybePromise, mapMaybePromise } from '../maybe-promise.ts';
import { badRequest, refusal } from './middleware.ts';

/** Puts the text of a document where a request has only its id. */
export type ResolveDocument = (exchange: Exchange, body: string | undefined) => MaybePromise<Resolved>;

/** The body and the query of the URL as they would be with the text, or why there is none. */
type Resolved = { body: string | undefined; search: string } | { refused: HttpResponse };

export type TrustedDocumentsOptions = {
  /** The text of the document with this id, as it is now. */
  find: (id: string) => MaybePromise<string | undefined>;
  /** Whether requests with any other text are refused. */
  isOnly: boolean;
  /** Whether clients have documents here; if not, one that sends a hash alone is told to send texts. */
  hasClients: boolean;
  /** Waits for the turn to parse a body. */
  turnToParse: (exchange: Exchange, body: string) => MaybePromise<void>;
};

type Parameters = Record<string, unknown>;

/**
 * Knows two ways to name a document: `documentId` (https://graphql.github.io/graphql-over-http/draft/#sec-Persisted-Documents) and the
 * hash of `extensions.persistedQuery`, which Apollo's clients and the page send. Everything after it sees the text, and so treats such a
 * request like one with it.
 */
export function createResolveDocument({
  find,
  isOnly,
  hasClients,
  turnToParse,
}: TrustedDocumentsOptions): ResolveDocument {
  const found = (id: string) =>
    mapMaybePromise(find(id), (text) => text ?? (PREFIX.test(id) ? find(id.replace(PREFIX, '')) : undefined));

  /** What to execute; undefined for what the request has itself. */
  function documentOf(parameters: Parameters): MaybePromise<Document | undefined> {
    const { query, documentId } = parameters;
    const id = idIn(parameters);
    return mapMaybePromise(id === undefined ? undefined : found(id), (text): Document | undefined => {
      if (text !== undefined) return { text };
      const hasText = typeof query === 'string' && query !== '';
      if (hasText || id === undefined) return isOnly ? 'untrusted' : undefined;
      return isOnly || hasClients || documentId !== undefined ? 'unknown' : undefined;
    });
  }

  function inBody(exchange: Exchange, body: string): MaybePromise<Resolved> {
    const { search, bodyType } = exchange;
    if (!isOnly && !mayNameOne(body)) return { body, search };
    if (bodyType === 'application/graphql') return withDocument(exchange, body, {});
    return mapMaybePromise(turnToParse(exchange, body), () =>
      withDocument(exchange, body, parametersIn(body)),
    );
  }

  function withDocument(exchange: Exchange, body: string, parameters: Parameters): MaybePromise<Resolved> {
    const { search } = exchange;
    return mapMaybePromise(documentOf(parameters), (document): Resolved => {
      if (document === undefined) return { body, search };
      if (typeof document === 'string') return refused(exchange, document, parameters);
      const { documentId: _, query: __, extensions, ...others } = parameters;
      const resolved = jsonOf({ query: document.text, ...others, ...besidesHash(extensions) });
      return resolved === undefined
        ? { refused: badRequest(exchange, 400, TOO_DEEP) }
        : { body: resolved, search };
    });
  }

  function inUrl(exchange: Exchange): MaybePromise<Resolved> {
    const { search } = exchange;
    if (!isOnly && !mayNameOne(search)) return { body: undefined, search };
    const url = new URLSearchParams(search);
    const extensions = parametersIn(url.get('extensions') ?? '{}');
    const documentId = url.get('documentId') ?? undefined;
    const parameters = { query: url.get('query'), documentId, extensions };
    return mapMaybePromise(documentOf(parameters), (document): Resolved => {
      if (document === undefined) return { body: undefined, search };
      if (typeof document === 'string') return refused(exchange, document, parameters);
      url.delete('documentId');
      url.set('query', document.text);
      return { body: undefined, search: `?${url}` };
    });
  }

  return (exchange, body) =>
    body === undefined || isRead(exchange.request) ? inUrl(exchange) : inBody(exchange, body);
}

/** A text, or why there is none to execute. */
type Document = { text: string } | 'unknown' | 'untrusted';

/** Every request is looked at: `includes` takes a third of a regular expression's time. */
const mayNameOne = (text: string): boolean => text.includes('documentId') || text.includes('persistedQuery');

/** https://graphql.github.io/graphql-over-http/draft/#sec-Document-Identifier */
const PREFIX = /^sha256:/;

function idIn({ documentId, extensions }: Parameters): string | undefined {
  if (typeof documentId === 'string') return documentId;
  if (!(extensions instanceof Object) || !('persistedQuery' in extensions)) return undefined;
  const { persistedQuery } = extensions;
  if (!(persistedQuery instanceof Object) || !('sha256Hash' in persistedQuery)) return undefined;
  const { sha256Hash } = persistedQuery;
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

/** What else the extensions of a request say, so that it is the same to the letter as one with the text. */
function besidesHash(extensions: unknown): { extensions?: unknown } {
  if (!(extensions instanceof Object) || !('persistedQuery' in extensions)) return { extensions };
  const { persistedQuery: _, ...others } = extensions;
  return Object.keys(others).length > 0 ? { extensions: others } : {};
}

/** Undefined if more is nested in each other than can be written; reading has no such bound. */
function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const TOO_DEEP = 'The body is nested too deeply.';

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
