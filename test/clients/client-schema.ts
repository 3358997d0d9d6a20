/** Writes what the clients' compilers read: the schema as clients see it. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { clientSchemaOf } from '../client-schema.ts';

const folder = new URL('__generated__/', import.meta.url);
await mkdir(folder, { recursive: true });
const sdl = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
await writeFile(new URL('schema.graphql', folder), clientSchemaOf(sdl));
