import type { Program } from './processes.ts';
import type { QueryName } from './queries.ts';

/** A server that is measured. */
export type Server = {
  /** How it is started, for the URL of its AWS. */
  program: (upstream: string) => Program;
  /** The path of its GraphQL endpoint. */
  path: string;
};

/** A row of the table: a server, and what is sent to it. */
export type Contestant = {
  name: string;
  server: Server;
  /** Whether each request carries a number of its own, so that no response can be reused. */
  isNumbered?: boolean;
  queries?: QueryName[];
};

/** Certway as its image runs it, or (by `main`) as `npm start` does; with default settings, except for `env`. */
export const ours = (env: Record<string, string> = {}, main = 'dist/main.js'): Server => ({
  path: '/graphql',
  program: (upstream) => ({
    args: ['--max-semi-space-size=8', main],
    env: {
      NODE_COMPILE_CACHE: 'node_modules/.cache/compiled',
      UPSTREAM: 'aws',
      AWS_ENDPOINT_URL_API_GATEWAY: upstream,
      ...env,
    },
  }),
});

export const peer = (file: string, env: Record<string, string> = {}): Server => ({
  path: '/graphql',
  program: (upstream) => ({
    args: [`bench/peers/${file}.ts`],
    env: { AWS_ENDPOINT_URL_API_GATEWAY: upstream, ...env },
  }),
});

/** Without a cache, the service needs any number of AWS calls. The benchmark's AWS refuses none. */
export const ANY_CALLS = { UPSTREAM_CALLS_PER_SECOND: '0' };

const CACHE = { CACHE_MS: '1000' };
const service = ours();

/** The queries that read certificates. A cache of reads makes no difference to the others. */
const READING: QueryName[] = ['A', 'B', 'C'];

export const OURS = 'Certway';
export const OURS_NUMBERED = 'Certway, every request different';
export const OURS_UNCACHED = 'Certway, `CACHE_TTL_MS=0`';
export const YOGA = 'Yoga';
export const MERCURIUS_CACHED = 'Mercurius + JIT, 1 s cache';
export const MERCURIUS = 'Mercurius + JIT';
export const FLOOR = '`node:http`, fixed bytes';

/** The rows of "Measured", in their order. */
export const contestants: Contestant[] = [
  { name: OURS, server: service },
  { name: OURS_NUMBERED, server: service, isNumbered: true, queries: READING },
  { name: OURS_UNCACHED, server: ours({ CACHE_TTL_MS: '0', ...ANY_CALLS }), queries: READING },
  { name: YOGA, server: peer('yoga') },
  { name: `${YOGA}, 1 s cache`, server: peer('yoga', CACHE), queries: READING },
  { name: 'Apollo Server', server: peer('apollo') },
  { name: 'Apollo Server, 1 s cache', server: peer('apollo', CACHE), queries: READING },
  { name: MERCURIUS, server: peer('mercurius') },
  { name: MERCURIUS_CACHED, server: peer('mercurius', CACHE), queries: READING },
  { name: FLOOR, server: peer('floor') },
];

/** The rows of "Under AWS's real limit". */
export const underLimit: Contestant[] = [
  { name: 'Yoga', server: peer('yoga') },
  { name: "Yoga, the SDK's adaptive retries", server: peer('yoga', { AWS_RETRY_MODE: 'adaptive' }) },
  { name: 'Yoga, each read joined and cached for 1 s', server: peer('yoga', CACHE) },
  { name: OURS, server: ours() },
];
