import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { emulate } from '../emulator/support.ts';
import { CREDENTIALS, createInProcess, examples, type InProcessOptions } from '../support/service.ts';

export type ReplicasOptions = Omit<InProcessOptions, 'upstream'> & {
  count?: number;
  certificates?: number;
  emulator?: EmulatorOptions;
  redisUrl: string;
};

/** Short times are ten times as long as they should be, so that a busy machine is not taken for a slow Redis. */
const patient = {
  later: (run: () => void, ms: number) => {
    const timer = setTimeout(run, ms < 100 ? 10 * ms : ms).unref();
    return () => clearTimeout(timer);
  },
};

/** So many services in this process, each with its own connection to Redis, on one emulator. `calls` has what reached that. */
export async function startReplicas(options: ReplicasOptions) {
  const { count = 2, certificates = 3, emulator = {}, redisUrl, env = {}, ...others } = options;
  const calls: string[] = [];
  let fault: NonNullable<EmulatorOptions['fault']> = () => undefined;
  const { url: endpoint, client } = await emulate({
    examples: examples(certificates),
    quota: 10_000,
    ...emulator,
    fault: (operation, labels, accountRegion) => {
      calls.push(operation);
      return fault(operation, labels, accountRegion);
    },
  });
  const start = async (more: Partial<InProcessOptions> = {}) =>
    createInProcess({
      upstream: { endpoint, credentials: CREDENTIALS },
      ...others,
      ...more,
      clock: { ...patient, ...others.clock, ...more.clock },
      env: { CACHE_TTL_MS: '60000', CACHE_STALE_MS: '60000', REDIS_URL: redisUrl, ...env, ...more.env },
    });
  const replicas = await Promise.all(Array.from({ length: count }, () => start()));
  return {
    replicas,
    /** One more of them. */
    start,
    calls,
    endpoint,
    client: client,
    fail: (next: typeof fault) => {
      fault = next;
    },
  };
}
