import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, type GraphQLSchema } from 'graphql';

/** Supergraphs are composed by these: without one, or with another argument, some compose no more. */
const COMPOSED_BY = /\.@(key|shareable)(\.|$)/;

/**
 * What a schema changes that clients or supergraphs of an earlier one rely on, one line each. Dangerous is what only
 * clients notice that expect to know it all, such as another value of an enum or another type in a union.
 */
export async function schemaChanges(earlierSdl: string, laterSdl: string) {
  const changes = await diff(parse(earlierSdl), parse(laterSdl));
  const ofLevel = (level: CriticalityLevel) => [
    ...new Set(changes.filter((change) => levelOf(change) === level).map(lineOf)),
  ];
  return { breaking: ofLevel(CriticalityLevel.Breaking), dangerous: ofLevel(CriticalityLevel.Dangerous) };
}

function levelOf({ type, path = '', criticality }: Change): CriticalityLevel {
  const isFederations = /^DIRECTIVE_USAGE_.*_REMOVED$/.test(type) && COMPOSED_BY.test(path);
  return isFederations ? CriticalityLevel.Breaking : criticality.level;
}

function lineOf({ path, message }: Change): string {
  return path === undefined ? message : `${path}: ${message}`;
}

/** Directives of federation need no definition in a subgraph. */
function parse(sdl: string): GraphQLSchema {
  return buildSchema(sdl, { assumeValidSDL: true });
}
