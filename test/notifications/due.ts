import { expect, vi } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { MAIN, run, runProgram, serveOn } from '../support/process.ts';
import { type Answer, startReceiver, status } from './receiver.ts';
import { DAY_MS, SECRET } from './support.ts';

/** So many fill two messages, and half of a third. */
export const MANY = 250;
export const BATCH = 100;

/** What another process has begun to send is left to it for a minute, and another ten seconds are for what else is due. */
const PATIENCE = { timeout: 150_000 };

/** Takes every message but this one, for which there is no answer. */
export function silentAt(number: number): Answer {
  let messages = 0;
  return (response, received) => {
    messages += 1;
    if (messages !== number) status(204)(response, received);
  };
}

/** So many certificates of which is to be told, a receiver, and processes that tell it. */
export async function startDue(count: number, answer: Answer, env: Record<string, string>) {
  const createdDate = new Date(Date.now() - 359 * DAY_MS - 60_000);
  const examples = Array.from({ length: count }, (_, i) => ({ id: `c${i}`, createdDate }));
  const { url: endpoint } = await emulate({ examples, quota: 10_000 });
  const receiver = await startReceiver(answer);
  const settings = {
    NOTIFY_WEBHOOKS: `${receiver.url} format=cloudevents secret=${SECRET}`,
    STAGE_READS_PER_SECOND: '0',
    ...env,
  };
  const onEmulator = {
    UPSTREAM: 'aws',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    ...settings,
  };
  /** The ids of the events in each message. */
  const told = () => receiver.bodies().map((body) => [body].flat().map(({ id }): string => id));
  return {
    receiver,
    told,
    serve: async () => {
      const service = await serveOn(endpoint, settings);
      const { child, end } = service;
      const kill = async () => {
        child.kill('SIGKILL');
        await end();
      };
      return { ...service, kill };
    },
    /** The service, which can write no file that is longer than so many blocks of 512 bytes. */
    serveOnFullDisk: async (blocks: number) =>
      runProgram(
        '/bin/sh',
        ['-c', 'ulimit -f "$0"; exec "$@"', `${blocks}`, process.execPath, MAIN],
        onEmulator,
      ),
    /** Sends once what is due, and ends. */
    notify: async () => (await run(['notify'], onEmulator)).end(),
    untilToldOf: async (events: number) =>
      vi.waitFor(() => expect(told().flat()).toHaveLength(events), PATIENCE),
  };
}

/** Checks that nothing is missing, and that the second message alone was repeated, in whatever messages. */
export function expectSecondTwice(told: string[][]): void {
  const [first = [], second = [], ...others] = told;
  const later = others.flat();
  expect([first.length, second.length, later.length]).toEqual([BATCH, BATCH, MANY - BATCH]);
  expect(new Set(told.flat()).size).toBe(MANY);
  expect(new Set(later).size).toBe(later.length);
  expect(second.filter((id) => !later.includes(id))).toEqual([]);
}
