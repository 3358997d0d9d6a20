import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { chosen, recorded } from './errors.ts';

/** A request as the operations' routes read it: everything of HTTP that they need, nothing checked but the form. */
export type EmulatorRequest = {
  /** The part of the path that the route captured, percent-decoded: an id or an ARN. */
  label: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** Of the signature's scope; the emulator serves the same certificates in every region. */
  region: string;
};

/** No body is the same as an empty object. */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  return record(parseJson(bytes.toString('utf8')));
}

/** The region of `Credential=AKID/20261120/us-east-1/apigateway/aws4_request`. */
export const regionOf = (authorization: string): string =>
  /Credential=[^/\s,]+\/\d+\/([^/\s,]+)\//.exec(authorization)?.[1] ?? 'us-east-1';

/** A percent-encoded label of the path; one that is wrongly encoded stands for itself and will not be found. */
export function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

/** A string member that may be absent; JSON `null` is absent. */
export function string(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw chosen.notAnObject();
  if (typeof value !== 'string') throw recorded.notAString(value);
  return value;
}

/** A map of strings that may be absent. */
export function stringMap(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  return Object.fromEntries(Object.entries(record(value)).map(([key, item]) => [key, string(item) ?? '']));
}

export function patchOperations(value: unknown): PatchOperation[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw chosen.notAnObject();
  return value.map((item) => {
    const members = Object.entries(record(item)).map(([key, member]) => [key, string(member)]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  });
}

/** A whole number of the query; anything else is NaN, for the operation to refuse. */
export function integer(value: string | null): number | undefined {
  if (value === null) return undefined;
  return /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw chosen.malformedJson();
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw chosen.notAnObject();
  return value as Record<string, unknown>;
}
