import type { Link, startProxy } from './proxy.ts';
import type { startRedis } from './redis-server.ts';

export type Faulty = {
  redis: Awaited<ReturnType<typeof startRedis>>;
  proxy: Awaited<ReturnType<typeof startProxy>>;
};

/** What breaks Redis, or the link to it, and what mends it. */
export type Fault = [
  what: string,
  brk: (world: Faulty) => Promise<unknown>,
  mend: (world: Faulty) => Promise<unknown>,
];

const setting =
  (name: string, value: string) =>
  async ({ redis }: Faulty) =>
    redis.command('CONFIG', 'SET', name, value);

const link =
  (given: Link) =>
  async ({ proxy }: Faulty) =>
    proxy.be(given);

const never = new Promise(() => undefined);

/** A replica notices these at once, whatever it asks. */
export const BROKEN: Fault[] = [
  ['is killed', async ({ redis }) => redis.kill(), async ({ redis }) => redis.restart()],
  [
    'is killed and back without its memory at once',
    async ({ redis }) => redis.restart(),
    async () => undefined,
  ],
  [
    'has another password',
    async ({ redis }) => redis.requirePassword('secret'),
    async ({ redis }) => redis.requirePassword(''),
  ],
  ['answers with what is no RESP', link({ rubbish: 'HTTP/1.1 400 Bad Request\r\n\r\n' }), link({})],
  ['answers with bytes', link({ rubbish: '\u0000\u00ff{"a":1}\r\n' }), link({})],
  ['answers with something else', link({ rubbish: '$5\r\nhello\r\n' }), link({})],
  ['answers with another list', link({ rubbish: '*1\r\n$1\r\na\r\n' }), link({})],
  ['answers with a number', link({ rubbish: ':42\r\n' }), link({})],
  ['answers with errors', link({ rubbish: '-LOADING Redis is loading the dataset in memory\r\n' }), link({})],
];

/** These when they write. */
export const READ_ONLY: Fault[] = [
  ['accepts no writes', setting('min-replicas-to-write', '1'), setting('min-replicas-to-write', '0')],
  ['is full', setting('maxmemory', '1'), setting('maxmemory', '0')],
];

/** These when it has waited. */
export const SILENT: Fault[] = [
  ['hangs', async ({ redis }) => redis.signal('SIGSTOP'), async ({ redis }) => redis.signal('SIGCONT')],
  ['does not get through', link({ held: never }), link({})],
  ['is slow', link({ latencyMs: 80 }), link({})],
];
