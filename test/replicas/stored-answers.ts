import { expect } from 'vitest';
import { until } from '../support/sharing.ts';
import type { startRedis } from './redis-server.ts';

/** The keys of the answers that are stored, once there are so many. */
export async function storedAnswers(
  { command }: Pick<Awaited<ReturnType<typeof startRedis>>, 'command'>,
  count = 1,
): Promise<string[]> {
  let keys: string[] = [];
  await until(async () => {
    keys = (await command('KEYS', '*answer*')) as string[];
    expect(keys).toHaveLength(count);
  });
  return keys;
}
