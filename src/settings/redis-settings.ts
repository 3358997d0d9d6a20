import { fileOf } from './file-value.ts';
import { keyPrefix, redisUrl, yesOrNo } from './parsers.ts';
import { setting, type Values } from './setting.ts';

/** What the replicas share, and by what. */
export const REDIS_SETTINGS = {
  REDIS_URL: setting(
    redisUrl,
    '',
    'The Redis or Valkey by which all replicas share reads, writes and limits, as rediss://user:password@host:6379/0 or unix:///path; by default, each replica is alone.',
  ),
  REDIS_URL_FILE: setting(
    fileOf(redisUrl),
    '',
    'Instead of REDIS_URL: a file with it, which is read again when it changes.',
  ),
  REDIS_CLUSTER: setting(yesOrNo, 'false', 'Whether REDIS_URL is a server of a cluster.'),
  REDIS_KEY_PREFIX: setting(
    keyPrefix,
    'certway',
    'The beginning of all keys in Redis; only replicas with the same accounts may have the same.',
  ),
};

/** A cluster has only the database 0 (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/). The URL is a secret. */
export function redisComplaints(values: Partial<Values<typeof REDIS_SETTINGS>>): string[] {
  const { REDIS_URL = '', REDIS_URL_FILE, REDIS_CLUSTER = false } = values;
  const name = REDIS_URL_FILE ? 'REDIS_URL_FILE' : 'REDIS_URL';
  const { protocol = '', pathname = '' } = URL.parse(REDIS_URL_FILE?.value ?? REDIS_URL) ?? {};
  const database = protocol === 'unix:' ? 0 : Number(pathname.slice(1));
  if (!REDIS_CLUSTER || database === 0) return [];
  return [`${name}: expected the database 0, since REDIS_CLUSTER is true; got ${database}`];
}
