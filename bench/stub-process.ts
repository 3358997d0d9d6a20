import { STUB_CORE, start } from './processes.ts';
import type { StubCounts } from './stub.ts';
import type { StubCertificate } from './stub-certificates.ts';

export type StubOptions = { certificates: number; latencyMs?: number; requestsPerSecond?: number };

export type Stub = {
  url: string;
  /** The calls since `counts()` was last called. */
  counts(): Promise<StubCounts>;
  /** All certificates, generated ones included. */
  certificates(): Promise<StubCertificate[]>;
  stop(): Promise<void>;
};

/** Starts the benchmark's API Gateway in a process of its own. */
export async function startStub({
  certificates,
  latencyMs = 0,
  requestsPerSecond = 0,
}: StubOptions): Promise<Stub> {
  const args = [
    'bench/stub.ts',
    `--certificates=${certificates}`,
    `--latency-ms=${latencyMs}`,
    `--requests-per-second=${requestsPerSecond}`,
  ];
  const { url, stop } = await start({ args }, STUB_CORE);
  const ask = async (path: string) => (await fetch(`${url}/admin/${path}`)).json();
  return { url, counts: () => ask('counts'), certificates: () => ask('certificates'), stop };
}

/** Calls that AWS did not throttle: all of them, and reads alone. */
export function callsOf({ calls }: StubCounts): { all: number; reads: number } {
  const sum = (entries: [string, number][]) => entries.reduce((total, [, count]) => total + count, 0);
  const entries = Object.entries(calls);
  return { all: sum(entries), reads: sum(entries.filter(([operation]) => operation.startsWith('Get'))) };
}
