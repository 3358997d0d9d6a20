import type { Resource } from '../store/rest-apis.ts';

/**
 * A resource whose path matches, and the values of its path variables, percent-encoded as they
 * arrived.
 */
export type Match = { resource: Resource; parameters: Record<string, string> };

/**
 * The resource for a path. A literal part goes before a variable, and a variable before a greedy
 * one, as on AWS.
 */
export function matchPath(resources: Resource[], path: string): Match | undefined {
  const parts = partsOf(path);
  const matches = resources.flatMap((resource) => {
    const parameters = parametersOf(partsOf(resource.path), parts);
    return parameters ? [{ resource, parameters, rank: rankOf(resource.path) }] : [];
  });
  matches.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return matches[0];
}

function parametersOf(pattern: string[], parts: string[]): Record<string, string> | undefined {
  const parameters: [name: string, value: string][] = [];
  for (const [i, part] of pattern.entries()) {
    const variable = /^\{([^+}]+)(\+?)\}$/.exec(part);
    const value = variable?.[2] ? parts.slice(i).join('/') : (parts[i] ?? '');
    if (value === '' || (!variable && part !== value)) return undefined;
    if (variable?.[1] !== undefined) parameters.push([variable[1], value]);
    if (variable?.[2]) return Object.fromEntries(parameters);
  }
  return pattern.length === parts.length ? Object.fromEntries(parameters) : undefined;
}

/** Sorts paths by the kinds of their parts. */
const rankOf = (path: string): string =>
  partsOf(path)
    .map((part) => (part.endsWith('+}') ? 2 : part.startsWith('{') ? 1 : 0))
    .join('');

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
