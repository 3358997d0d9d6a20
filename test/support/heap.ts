import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
export const collectGarbage: () => void = runInNewContext('gc');

/** The bytes of all that something still refers to. */
export function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
