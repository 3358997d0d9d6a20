import { setTimeout as wait } from 'node:timers/promises';

/**
 * The memory of this process once nothing is left to collect. Waits for timers and sockets first, and collects repeatedly, because some objects
 * need that.
 */
export async function memoryUsed(): Promise<NodeJS.MemoryUsage> {
  for (let round = 0; round < 4; round += 1) {
    await wait(50);
    globalThis.gc?.();
  }
  return process.memoryUsage();
}
