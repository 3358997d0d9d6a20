import { AUTH_SETTINGS } from './auth-settings.ts';
import { EMULATOR_SETTINGS } from './emulator-settings.ts';
import {
  hostNames,
  milliseconds,
  oneOf,
  onOrOff,
  origins,
  port,
  tagKeys,
  text,
  wholeNumber,
  yesOrNo,
} from './parsers.ts';
import { setting } from './setting.ts';

/** Every setting there is, in the order in which `--help` prints them. */
export const SETTINGS = {
  HOST: setting(text, '127.0.0.1', 'The address to listen on.'),
  PORT: setting(port, '4000', 'The port to listen on; 0: any that is free.'),
  ALLOW_UNAUTHENTICATED: setting(
    yesOrNo,
    'false',
    'With AUTH=none: whether HOST may be reachable from other machines although anyone may then call.',
  ),
  ...AUTH_SETTINGS,
  LOG_LEVEL: setting(oneOf('debug', 'info', 'warn', 'error', 'silent'), 'info', 'The least that is logged.'),
  MAX_BODY_BYTES: setting(
    wholeNumber(1024, 16 * 1024 * 1024),
    '262144',
    'A larger request body is refused with 413.',
  ),
  MAX_TOKENS: setting(wholeNumber(10, 100_000), '2000', 'How many tokens a GraphQL document may have.'),
  MAX_DEPTH: setting(wholeNumber(1, 1000), '12', 'How deeply fields may be nested.'),
  MAX_ALIASES: setting(wholeNumber(0, 10_000), '100', 'How many aliases an operation may have.'),
  MAX_DIRECTIVES: setting(wholeNumber(0, 10_000), '50', 'How many directives an operation may have.'),
  MAX_COST: setting(
    wholeNumber(1, 100_000_000),
    '75000',
    'How many fields the answer may have, where each page is as full as it was asked to be.',
  ),
  MAX_RESPONSE_BYTES: setting(
    wholeNumber(1024, 1024 * 1024 * 1024),
    '8388608',
    'How large an answer may be; a page of 500 with every field is about 1 MB.',
  ),
  REQUEST_TIMEOUT_MS: setting(
    milliseconds,
    '15000',
    'How long an operation may take; then it gives up its calls of AWS.',
  ),
  HEADERS_TIMEOUT_MS: setting(
    milliseconds,
    '10000',
    'How long a client may take to send the headers of a request.',
  ),
  IDLE_TIMEOUT_MS: setting(milliseconds, '65000', 'How long a connection may stay open between requests.'),
  DRAIN_DELAY_MS: setting(
    wholeNumber(0, 3_600_000),
    '0',
    'How long, once told to end, to answer 503 at /ready before no new connection is taken.',
  ),
  DRAIN_TIMEOUT_MS: setting(milliseconds, '20000', 'How long the requests under way may take after that.'),
  EXPIRY_REFRESH_MS: setting(
    wholeNumber(1000, 86_400_000),
    '900000',
    'How often all certificates are read for the metric of their expiration.',
  ),
  METRIC_TAGS: setting(
    tagKeys,
    '',
    'The keys of tags that the metric of expiration has as labels, with commas between them: team is tag_team.',
  ),
  RATE_LIMIT_PER_MINUTE: setting(
    wholeNumber(0, 1_000_000),
    '0',
    'How many requests a minute each caller may make; 0: any.',
  ),
  ALLOWED_HOSTS: setting(
    hostNames,
    '',
    'The names besides HOST, localhost and addresses by which it may be called, with commas between them.',
  ),
  MAX_CONNECTIONS: setting(
    wholeNumber(1, 1_000_000),
    '5000',
    'How many connections may be open at once; further ones are closed.',
  ),
  MAX_UNSENT_BYTES: setting(
    wholeNumber(1024, 64 * 1024 * 1024 * 1024),
    '67108864',
    'How many bytes of answers may wait for clients to read them, in all connections together.',
  ),
  CORS_ORIGINS: setting(
    origins,
    '',
    'The origins of pages in browsers that may call, with commas between them.',
  ),
  GRAPHIQL: setting(
    onOrOff,
    'auto',
    'Whether browsers get GraphiQL; auto: not with AUTH and NODE_ENV=production.',
  ),
  INTROSPECTION: setting(onOrOff, 'auto', 'Whether the schema may be asked for; auto: as above.'),
  SUGGESTIONS: setting(onOrOff, 'auto', 'Whether errors guess which name was meant; auto: as above.'),
  NODE_QUERIES: setting(
    yesOrNo,
    'true',
    'Whether Query has node and nodes; in a supergraph only one subgraph can have them.',
  ),
  FEDERATION_AUTH_DIRECTIVES: setting(
    yesOrNo,
    'false',
    'Whether the SDL for supergraphs says which scopes things take (@requiresScopes).',
  ),
  NODE_ENV: setting(text, 'development', 'Only "production" means anything.'),
  EXPIRING_WITHIN_DAYS: setting(
    wholeNumber(0, 365),
    '30',
    'How many days before its end a certificate counts as EXPIRING.',
  ),
  MAX_COLLECTION_PAGES: setting(
    wholeNumber(1, 1000),
    '40',
    'How many pages of 500 certificates a filter, an order, a count or a page from the end may read.',
  ),
  CACHE_TTL_MS: setting(
    wholeNumber(0, 3_600_000),
    '1000',
    'For how long an answer of AWS is used again; 0: only reads that are under way are shared.',
  ),
  CACHE_STALE_MS: setting(
    wholeNumber(0, 86_400_000),
    '60000',
    'How old an answer may be that stands in while AWS throttles, fails or is slow; 0: none does.',
  ),
  MAX_UPSTREAM_CALLS_PER_OPERATION: setting(
    wholeNumber(1, 10_000),
    '50',
    'How many calls of AWS one operation may make, repeated ones included.',
  ),
  UPSTREAM_CALLS_PER_SECOND: setting(
    wholeNumber(0, 10_000),
    '5',
    'How many calls of AWS the process makes a second on average, four times as many at once; 0: any number.',
  ),
  EXPOSE_COST: setting(
    yesOrNo,
    'false',
    'Whether answers tell in extensions.cost which calls of AWS they took.',
  ),
  UPSTREAM: setting(
    oneOf('emulator', 'aws'),
    'emulator',
    'The embedded emulator, or the real AWS as the SDK is configured (AWS_REGION, AWS_PROFILE, …).',
  ),
  UPSTREAM_CONNECT_TIMEOUT_MS: setting(milliseconds, '2000', 'How long connecting to AWS may take.'),
  UPSTREAM_REQUEST_TIMEOUT_MS: setting(
    milliseconds,
    '10000',
    'How long AWS may take for an answer, for each attempt.',
  ),
  ...EMULATOR_SETTINGS,
};
