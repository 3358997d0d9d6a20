import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localhostIdentity } from '../emulator/backend.ts';
import { emulate } from '../emulator/support.ts';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';
import { lookup, until, update } from '../support/sharing.ts';
import { startRedis } from './redis-server.ts';

/** The rights that docs/replicas.md says a user needs. */
const RIGHTS = [
  'resetkeys',
  '~{certway*',
  'resetchannels',
  '-@all',
  ...[
    'get',
    'set',
    'del',
    'eval',
    'hget',
    'hlen',
    'hmget',
    'hset',
    'hgetall',
    'hexists',
    'hdel',
    'zadd',
    'zrem',
    'zcard',
  ].map((command) => `+${command}`),
  ...['zrangebyscore', 'zrevrange', 'incrby', 'time', 'expire', 'pexpire', 'pttl'].map(
    (command) => `+${command}`,
  ),
];

/** Why Redis is not used for a second on a busy machine, where the first commands of two processes are slow. */
const TOO_LATE = 'Error: no answer in time';

test('replicas share over TLS, as a user who may do no more than is needed', async () => {
  const folder = await emptyFolder();
  const { key, cert } = await localhostIdentity();
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await writeFile(keyFile, key);
  await writeFile(certFile, cert);
  const port = await freePort();
  const tls = [
    '--tls-port',
    `${port}`,
    '--tls-cert-file',
    certFile,
    '--tls-key-file',
    keyFile,
    '--tls-auth-clients',
    'no',
  ];
  const redis = await startRedis(...tls);
  await redis.command('ACL', 'SETUSER', 'certway', 'on', '>pass word', ...RIGHTS);
  await redis.command('ACL', 'SETUSER', 'default', '-@all', '+@admin', '+ping');
  const { url } = await emulate({ examples: examples(2) });
  const env = {
    REDIS_URL: `rediss://certway:pass%20word@localhost:${port}`,
    NODE_EXTRA_CA_CERTS: certFile,
    RATE_LIMIT_PER_MINUTE: '1000',
    CACHE_TTL_MS: '60000',
  };
  const [a, b] = await Promise.all([serveOn(url, env), serveOn(url, env)]);
  let written = 0;
  await until(async () => {
    written += 1;
    await b.query(lookup('c001'));
    await a.query(update('c001', `text ${written}`));
    expect((await b.query(lookup('c001'))).data.clientCertificate.description).toBe(`text ${written}`);
    for (const { url: at } of [a, b])
      expect(await (await fetch(at.replace('/graphql', '/metrics'))).text()).toMatch(
        /^certway_shared_cache_up 1$/m,
      );
  });
  const lines = [a, b].flatMap(({ logged }) => logged().filter((line) => line.startsWith('{')));
  const reasons = lines.map((line): unknown => JSON.parse(line).reason).filter((reason) => reason);
  expect(reasons.filter((reason) => reason !== TOO_LATE)).toEqual([]);
});
