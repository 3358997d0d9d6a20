import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { chosen, recorded } from './errors.ts';

/** The parts of an HTTP request that routes need. Only their form has been checked. */
export type EmulatorRequest = {
  /** The parts of the path that the route names, percent-decoded: ids, names, ARNs. */
  labels: Labels;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** Aborted once nobody waits for the answer any more. */
  signal: AbortSignal;
};

/** Values by the names of the labels in the route's path. */
export type Labels = Record<string, string>;

/** The value of a label that the route's path has. */
export function label({ labels }: EmulatorRequest, name: string): string {
  const value = labels[name];
  if (value === undefined) throw new Error(`The path has no label ${name}.`);
  return value;
}

/** An empty body counts as an empty object. */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  return record(parseJson(bytes.toString('utf8')));
}

/**
 * Decodes a label of the path. A label with a wrong encoding is kept as it is, and no such thing
 * will be found.
 */
export function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

/** An optional string. JSON `null` counts as absent, here and below. */
export function string(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw chosen.notAnObject();
  if (typeof value !== 'string') throw recorded.notAString(value);
  return value;
}

/** An optional map of strings. */
export function stringMap(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  return Object.fromEntries(Object.entries(record(value)).map(([key, item]) => [key, string(item) ?? '']));
}

/** An optional boolean. Samples in AWS's documentation write `"true"` as well. */
export function boolean(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  if (typeof value !== 'boolean') throw chosen.notABoolean();
  return value;
}

export function number(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw chosen.notANumber();
  return value;
}

/** A number that the service model calls an integer. */
export function wholeNumber(value: unknown): number | undefined {
  const found = number(value);
  if (found !== undefined && !Number.isInteger(found)) throw chosen.notAWholeNumber();
  return found;
}

export function strings(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw chosen.notAList();
  return value.map((item) => string(item) ?? '');
}

/** An optional object. */
export const structure = (value: unknown): Record<string, unknown> | undefined =>
  value === undefined || value === null ? undefined : record(value);

export function patchOperations(value: unknown): PatchOperation[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw chosen.notAnObject();
  return value.map((item) =>
    given(Object.fromEntries(Object.entries(record(item)).map(([key, member]) => [key, string(member)]))),
  );
}

/** Without the members that are left out, so that these stay as they are. */
export const given = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));

/** A whole number in the query. Anything else is NaN, which the operation refuses. */
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
