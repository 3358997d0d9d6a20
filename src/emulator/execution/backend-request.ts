import type { Integration } from '@aws-sdk/client-api-gateway';

/** What a client asks of a method. */
export type MethodRequest = {
  method: string;
  /** Values in their order; several of one name are several headers. */
  headers: Record<string, string[]>;
  /** With its question mark, or empty. */
  search: string;
  parameters: Record<string, string>;
  stageVariables: Record<string, string>;
  body: Buffer;
};

/** Between two neighbours on the way (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1), or made anew. */
const NOT_PASSED_ON = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** By which the emulator knows its own requests (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.3). */
export const VIA = 'certway-emulator';

/**
 * The URL of the backend. Variables in the URI stand for stage variables and for parts of the path: those that the
 * integration's `requestParameters` map, and others by their names. Undefined if the result is no URL.
 */
export function backendUrl(
  { uri = '', requestParameters = {} }: Integration,
  { parameters, search, stageVariables }: MethodRequest,
): URL | undefined {
  const mapped = Object.entries(requestParameters).flatMap(([target, source]) => {
    const name = /^integration\.request\.path\.(.+)$/.exec(target)?.[1];
    const value = parameters[/^method\.request\.path\.(.+)$/.exec(source)?.[1] ?? ''];
    return name !== undefined && value !== undefined ? [[name, value] as const] : [];
  });
  const values = new Map([...Object.entries(parameters), ...mapped]);
  const text = uri
    .replace(/\$\{stageVariables\.(\w+)\}/g, (_, name) => stageVariables[name] ?? '')
    .replace(/\{([^}]+)\}/g, (whole, name) => values.get(name) ?? whole);
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (search !== '') url.search = url.search === '' ? search : `${url.search}&${search.slice(1)}`;
  return url;
}

export function backendHeaders({ headers, body }: MethodRequest): Record<string, string | string[]> {
  return {
    ...passedOn(headers),
    via: `1.1 ${VIA}`,
    ...(body.length > 0 && { 'content-length': String(body.length) }),
  };
}

export const passedOn = (headers: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name.toLowerCase())));
