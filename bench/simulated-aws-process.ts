import { STUB_CORE, start } from './processes.ts';
import type { SimulatedCounts } from './simulated-aws.ts';

export type SimulatedOptions = {
  accountRegions: number;
  /** Whether a tenth of them throttle, and one hangs. */
  hasFaults?: boolean;
  /** Whether none has any certificate. */
  isEmpty?: boolean;
};

export type SimulatedAws = {
  /** The settings with which a service asks this AWS. */
  settings: Record<string, string>;
  /** What was asked since `counts()` was last called. */
  counts(): Promise<SimulatedCounts>;
  stop(): Promise<void>;
};

/** Starts the AWS of many accounts and regions in a process of its own. */
export async function startSimulatedAws(options: SimulatedOptions): Promise<SimulatedAws> {
  const { accountRegions, hasFaults = false, isEmpty = false } = options;
  const args = [
    'bench/simulated-aws.ts',
    `--account-regions=${accountRegions}`,
    ...(hasFaults ? ['--faults'] : []),
    ...(isEmpty ? ['--empty'] : []),
  ];
  const { url, stop } = await start({ args }, STUB_CORE);
  return {
    settings: { UPSTREAM: 'aws', AWS_ENDPOINT_URL_API_GATEWAY: url, AWS_ENDPOINT_URL_STS: url },
    counts: async () => (await fetch(`${url}/admin/counts`)).json() as Promise<SimulatedCounts>,
    stop,
  };
}
