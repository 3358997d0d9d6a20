import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** The effect of an attack on the service at `url`. */
export type Damage = {
  /** The peak memory of the process during the attack. */
  peakMiB: number;
  /** The longest time that a neighbour waited for `/health`, on a new connection each time. */
  slowestHealthMs: number;
};

const HEALTH_EVERY_MS = 20;

/** Runs an attack, and prints its effect on the service. */
export async function measure(
  name: string,
  { url, child }: { url: string; child: ChildProcess },
  attack: () => Promise<unknown>,
): Promise<Damage> {
  await writeFile(`/proc/${child.pid}/clear_refs`, '5'); // resets the peak (man 5 proc)
  let isOver = false;
  const slowest = watchHealth(url, () => isOver);
  await attack().finally(() => {
    isOver = true;
  });
  const damage = { peakMiB: await peakMiB(child), slowestHealthMs: Math.round(await slowest) };
  process.stdout.write(
    `${name}: at most ${damage.peakMiB} MiB, slowest /health ${damage.slowestHealthMs} ms\n`,
  );
  return damage;
}

async function watchHealth(url: string, isOver: () => boolean): Promise<number> {
  let slowest = 0;
  while (!isOver()) {
    const startedAtMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      get(new URL('/health', url), { agent: false }, (response) => response.resume().once('end', resolve)).on(
        'error',
        reject,
      );
    });
    slowest = Math.max(slowest, performance.now() - startedAtMs);
    await wait(HEALTH_EVERY_MS);
  }
  return slowest;
}

async function peakMiB({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
}
