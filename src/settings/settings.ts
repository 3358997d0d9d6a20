import { API_KEYS_FILE, AUTH_SETTINGS } from './auth-settings.ts';
import { EMULATOR_SETTINGS } from './emulator-settings.ts';
import { accounts } from './entry-parsers.ts';
import { fileOf } from './file-value.ts';
import { NOTICE_SETTINGS } from './notice-settings.ts';
import {
  hostNames,
  milliseconds,
  oneOf,
  onOrOff,
  origins,
  port,
  regions,
  tagKeys,
  text,
  wholeNumber,
  yesOrNo,
} from './parsers.ts';
import { basePath, proxies } from './proxies.ts';
import { REDIS_SETTINGS } from './redis-settings.ts';
import { REQUEST_SETTINGS } from './request-settings.ts';
import { setting } from './setting.ts';
import { TLS_SETTINGS } from './tls-settings.ts';
import { trustedDocuments } from './trusted-documents.ts';

/** What `auto` means. */
const AUTO = 'auto: not with AUTH and NODE_ENV=production.';

/** Every setting there is, in the order in which `--help` prints them. */
export const SETTINGS = {
  HOST: setting(
    text,
    '127.0.0.1',
    'The address to listen on; beyond loopback only with ALLOW_UNAUTHENTICATED or AUTH.',
  ),
  PORT: setting(port, '4000', 'The port to listen on; 0: any free port.'),
  ALLOW_UNAUTHENTICATED: setting(
    yesOrNo,
    'false',
    'With AUTH=none: whether HOST may be reachable from other machines, although anyone may call.',
  ),
  ...AUTH_SETTINGS,
  API_KEYS_FILE,
  ...TLS_SETTINGS,
  LOG_LEVEL: setting(
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'The lowest level that is logged; debug includes every AWS call.',
  ),
  ...REQUEST_SETTINGS,
  EXPIRY_REFRESH_MS: setting(
    wholeNumber(1000, 86_400_000),
    '900000',
    'How often all certificates are read for the expiration metric and for notices.',
  ),
  SUBSCRIPTION_REFRESH_MS: setting(
    wholeNumber(1000, 3_600_000),
    '10000',
    'How often all certificates are read while anyone subscribes to their changes, but not more often than CACHE_TTL_MS.',
  ),
  METRIC_TAGS: setting(
    tagKeys,
    '',
    'Keys of tags that become labels of the expiration metric, separated by commas, at most 10: team becomes tag_team.',
  ),
  ...NOTICE_SETTINGS,
  RATE_LIMIT_PER_MINUTE: setting(
    wholeNumber(0, 1_000_000),
    '0',
    'Maximum number of requests per minute and caller; 0 disables it.',
  ),
  ALLOWED_HOSTS: setting(
    hostNames,
    '',
    'Names under which the service and the emulator may be called, separated by commas, besides localhost, IP addresses, HOST and EMULATOR_HOST.',
  ),
  BASE_PATH: setting(
    basePath,
    '',
    'The path below which everything is, such as /certway; by default, the root.',
  ),
  TRUST_PROXY: setting(
    proxies,
    '',
    'How many proxies are between the clients and the service, or the addresses and networks of them, separated by commas: their X-Forwarded-For and X-Forwarded-Host are believed.',
  ),
  MAX_CONNECTIONS: setting(
    wholeNumber(1, 1_000_000),
    '5000',
    'Maximum number of open connections; further ones are closed.',
  ),
  MAX_SUBSCRIPTIONS: setting(
    wholeNumber(0, 1_000_000),
    '500',
    'Maximum number of open subscriptions, of which a client may have half; 0: none.',
  ),
  MAX_UNSENT_BYTES: setting(
    wholeNumber(1024, 64 * 1024 * 1024 * 1024),
    '67108864',
    'Maximum size of answers that wait for clients to read them, on all connections together.',
  ),
  CORS_ORIGINS: setting(origins, '', 'Origins of web pages that may call, separated by commas.'),
  GRAPHIQL: setting(onOrOff, 'auto', `Whether browsers get GraphiQL; ${AUTO}`),
  PAGE: setting(yesOrNo, 'true', 'Whether browsers get the page for people at /.'),
  INTROSPECTION: setting(onOrOff, 'auto', `Whether the schema may be queried; ${AUTO}`),
  SUGGESTIONS: setting(onOrOff, 'auto', `Whether errors suggest similar names; ${AUTO}`),
  TRUSTED_DOCUMENTS: setting(
    fileOf(trustedDocuments),
    '',
    "A file with the documents of clients, which then send ids alone: JSON of ids and documents, or Apollo's manifest; it is read again when it changes.",
  ),
  ONLY_TRUSTED_DOCUMENTS: setting(
    yesOrNo,
    'false',
    'Whether all documents but those of TRUSTED_DOCUMENTS and of the page are refused; there is no GraphiQL then.',
  ),
  NODE_QUERIES: setting(
    yesOrNo,
    'true',
    'Whether Query has node and nodes; in a supergraph only one subgraph can have them.',
  ),
  FEDERATION_AUTH_DIRECTIVES: setting(
    yesOrNo,
    'false',
    'Whether the SDL for supergraphs has the required scopes (@requiresScopes).',
  ),
  NODE_ENV: setting(text, 'development', 'Only "production" has a meaning.'),
  EXPIRING_WITHIN_DAYS: setting(
    wholeNumber(0, 365),
    '30',
    'How many days before its expiration a certificate counts as EXPIRING.',
  ),
  MAX_COLLECTION_PAGES: setting(
    wholeNumber(1, 1000),
    '40',
    'Maximum number of pages of 500 certificates that a filter, an order, a count or a page from the end may read of an account and region.',
  ),
  CACHE_TTL_MS: setting(
    wholeNumber(0, 3_600_000),
    '1000',
    'For how long an AWS answer is reused; 0: only reads in flight are shared.',
  ),
  CACHE_STALE_MS: setting(
    wholeNumber(0, 86_400_000),
    '60000',
    'Maximum age of a stale answer, which stands in while AWS throttles, fails or is slow; 0 disables it.',
  ),
  MAX_UPSTREAM_CALLS_PER_OPERATION: setting(
    wholeNumber(1, 10_000),
    '50',
    'Maximum number of AWS calls per operation to an account and region, retries included.',
  ),
  UPSTREAM_CALLS_PER_SECOND: setting(
    wholeNumber(0, 10_000),
    '5',
    'Average number of AWS calls per second of the process to an account and region, with a burst of four times as many; 0 disables the bound.',
  ),
  STAGE_READS_PER_SECOND: setting(
    wholeNumber(0, 10),
    '1',
    'Maximum number of AWS calls per second to an account and region that read, in the background, which stages use a certificate; 0: none.',
  ),
  ...REDIS_SETTINGS,
  FAST_PATH: setting(
    yesOrNo,
    'true',
    'Whether queries that come again are answered from what is known without graphql-js, with the same bytes.',
  ),
  EXPOSE_COST: setting(yesOrNo, 'false', 'Whether answers tell their AWS calls in extensions.cost.'),
  UPSTREAM: setting(
    oneOf('emulator', 'aws'),
    'emulator',
    'The embedded emulator, or the real AWS as the SDK is configured (AWS_REGION, AWS_PROFILE, …).',
  ),
  AWS_REGIONS: setting(
    regions,
    '',
    'The regions whose certificates are served, separated by commas, in the order of lists; by default the one that the SDK is configured for.',
  ),
  ACCOUNTS: setting(
    accounts,
    '',
    'The accounts whose certificates are served, separated by commas: profiles, or entries "name=role-arn external-id=ID"; by default the one that the SDK is configured for.',
  ),
  MAX_PARALLEL_READS: setting(
    wholeNumber(1, 1000),
    '32',
    'In how many accounts and regions certificates are read at the same time.',
  ),
  UPSTREAM_CONNECT_TIMEOUT_MS: setting(milliseconds, '2000', 'How long connecting to AWS may take.'),
  UPSTREAM_REQUEST_TIMEOUT_MS: setting(
    milliseconds,
    '10000',
    'How long AWS may take to answer, per attempt.',
  ),
  ...EMULATOR_SETTINGS,
};
