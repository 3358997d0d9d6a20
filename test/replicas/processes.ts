import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { emulate } from '../emulator/support.ts';
import { serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';

export const HOUR_MS = 3_600_000;

/** Lets a process believe that it is later than it is. */
const laterBy = (ms: number): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...given) { given.length > 0 ? super(...given) : super(Real.now() + ${ms}); }
      static now() { return Real.now() + ${ms}; }
    };
  `)}`,
];

export type ProcessesOptions = {
  redisUrl: string;
  count: number;
  certificates: number;
  env?: Record<string, string>;
  /** How much later it is for each of them than for the one before. */
  clocksApartMs?: number;
};

/** So many processes of the service, on an emulator in this one. `next` gives one after the other. */
export async function startProcesses({
  redisUrl,
  count,
  certificates,
  env,
  clocksApartMs = 0,
}: ProcessesOptions) {
  const calls: string[] = [];
  let fault: NonNullable<EmulatorOptions['fault']> = () => undefined;
  const { url } = await emulate({
    examples: examples(certificates),
    quota: 10_000,
    fault: (operation, labels, accountRegion) => {
      calls.push(operation);
      return fault(operation, labels, accountRegion);
    },
  });
  const all = await Promise.all(
    Array.from({ length: count }, async (_, i) =>
      serveOn(
        url,
        {
          REDIS_URL: redisUrl,
          UPSTREAM_CALLS_PER_SECOND: '0',
          STAGE_READS_PER_SECOND: '0',
          EXPIRY_REFRESH_MS: '86400000',
          ...env,
        },
        laterBy(i * clocksApartMs),
      ),
    ),
  );
  let turn = 0;
  return {
    all: all.map((one) => ({
      ...one,
      /** The value of a metric, added up over its labels that match. */
      metric: async (pattern: RegExp): Promise<number> => {
        const text = await (await fetch(one.url.replace('/graphql', '/metrics'))).text();
        const lines = text.split('\n').filter((line) => pattern.test(line));
        return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
      },
    })),
    calls,
    next: () => {
      turn += 1;
      const one = all[turn % count];
      if (!one) throw new Error('there is none');
      return one;
    },
    fail: (next: typeof fault) => {
      fault = next;
    },
  };
}
