import type { IndexState } from '../snapshot.ts';

/** How much of several accounts and regions has been read. */
export function combinedState(states: readonly IndexState[]): IndexState {
  const oldest = states.flatMap(({ oldestReadAt }) => oldestReadAt?.getTime() ?? []);
  return {
    apis: sum(states.map(({ apis }) => apis)),
    apisRead: sum(states.map(({ apisRead }) => apisRead)),
    complete: states.every(({ complete }) => complete),
    oldestReadAt: oldest.length > 0 ? new Date(oldest.reduce((a, b) => Math.min(a, b))) : null,
  };
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
