import { buildSchema, printSchema } from 'graphql';

/** The schema as clients need it: without what a subgraph only says to composers, which not every tool understands. */
export const clientSchemaOf = (sdl: string): string =>
  printSchema(buildSchema(sdl, { assumeValidSDL: true }));
