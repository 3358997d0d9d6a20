import type { Integration } from '@aws-sdk/client-api-gateway';
import { ownValue } from '../own-value.ts';

/** A client's request to a method. */
export type MethodRequest = {
  method: string;
  /** All values of each header, in their order. */
  headers: Record<string, string[]>;
  /** With its question mark, or empty. */
  search: string;
  parameters: Record<string, string>;
  stageVariables: Record<string, string>;
  body: Buffer;
};

/**
 * Headers of one connection (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1), and those that
 * are made anew.
 */
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

/**
 * The emulator recognizes its own requests by it
 * (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.3).
 */
export const VIA = 'certway-emulator';

/**
 * The URL of the backend. In the URI, `${stageVariables.NAME}` stands for a stage variable, and
 * `{NAME}` for a part of the path: the one that the integration's `requestParameters` map to it, or
 * else the one with the same name. Undefined if the result is not a URL.
 */
export function backendUrl(
  { uri = '', requestParameters = {} }: Integration,
  { parameters, search, stageVariables }: MethodRequest,
): URL | undefined {
  const mapped = Object.entries(requestParameters).flatMap(([target, source]) => {
    const name = /^integration\.request\.path\.(.+)$/.exec(target)?.[1];
    const value = ownValue(parameters, /^method\.request\.path\.(.+)$/.exec(source)?.[1] ?? '');
    return name !== undefined && value !== undefined ? [[name, value] as const] : [];
  });
  const values = new Map([...Object.entries(parameters), ...mapped]);
  const text = uri
    .replace(/\$\{stageVariables\.(\w+)\}/g, (_, name) => ownValue(stageVariables, name) ?? '')
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

/** Without those that `Connection` names, too. */
export function passedOn(headers: Record<string, string[]>): Record<string, string[]> {
  const ofConnection = (headers['connection'] ?? []).flatMap((names) => names.toLowerCase().split(','));
  const left = new Set([...NOT_PASSED_ON, ...ofConnection.map((name) => name.trim())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name.toLowerCase())));
}
