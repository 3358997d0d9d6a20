import { randomUUID } from 'node:crypto';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { Logger } from 'pino';
import type { AccountRegion } from '../aws/account-region.ts';
import type { Replicas } from '../replicas/replicas.ts';
import type { AllKnowledge } from '../resources/knowledge.ts';
import type { Reading } from '../resources/read-all.ts';
import type { Config } from '../settings/config.ts';
import { followValue } from '../settings/file-value.ts';
import type { Webhook } from '../settings/webhooks.ts';
import type { Clock } from '../time/clock.ts';
import { type Due, dueOf } from './due.ts';
import { createMemoryMarks, type Marks } from './marks.ts';
import { createOutbox, type NoticeWatcher, type Outbox } from './outbox.ts';
import { createSinks } from './sinks.ts';

/** Who is told of certificates before they expire. */
export type Notifications = {
  outboxes: readonly Outbox[];
  /** Whether what was sent is known after a restart. */
  areMarksKept: boolean;
  /** What is due by a reading now. */
  dueOf(accountRegion: AccountRegion, reading: Reading): Due;
  /** Lets wait what is due, and is not sent yet. */
  update(due: Due): Promise<void>;
  /** Sends what waits. Resolves when nothing does any more, or the signal is aborted. */
  send(): Promise<void>;
  close(): void;
};

export type NotificationsOptions = {
  config: Config;
  knowledge: Pick<AllKnowledge, 'of'>;
  replicas: Replicas | undefined;
  eventBridge: EventBridgeClientConfig;
  watcher: NoticeWatcher;
  log: Logger;
  /** Ends the sending. */
  signal: AbortSignal;
  clock: Pick<Clock, 'now' | 'wait' | 'timeout' | 'every'>;
};

/** Rejects with a `ConfigError` if `NOTIFY_PATH` cannot be used. */
export async function createNotifications(options: NotificationsOptions): Promise<Notifications> {
  const { config, knowledge, log, clock } = options;
  const marks = await createMarks(options);
  const { NOTIFY_WEBHOOKS_FILE: file, NOTIFY_WEBHOOKS: first } = config;
  const webhooks = followValue(
    'NOTIFY_WEBHOOKS_FILE',
    file,
    first,
    { log, every: clock.every },
    {
      check: (next) => {
        if (formatsOf(next) !== formatsOf(first))
          throw new Error('expected the same formats in the same order: other receivers need a restart');
      },
    },
  );
  const sinks = await createSinks({ ...options, webhooks });
  const outboxes = sinks.map((sink) => createOutbox({ ...options, sink, marks }));
  return {
    outboxes,
    areMarksKept: marks.areKept,
    dueOf: (accountRegion, reading) =>
      dueOf(reading, {
        place: accountRegion.name,
        days: config.NOTIFY_DAYS,
        stages: knowledge.of(accountRegion).stageIndex.snapshot(),
        now: clock.now(),
      }),
    update: async (due) => {
      await Promise.all(outboxes.map(({ update }) => update(due)));
    },
    send: async () => {
      await Promise.all(outboxes.map(({ send }) => send()));
    },
    close: () => {
      for (const { close } of sinks) close();
      marks.close();
    },
  };
}

const formatsOf = (webhooks: readonly Webhook[]): string => webhooks.map(({ format }) => format).join();

async function createMarks({ config, replicas, log, clock }: NotificationsOptions): Promise<Marks> {
  if (replicas) return (await import('./redis-marks.ts')).createRedisMarks(replicas);
  if (config.NOTIFY_PATH === '') return createMemoryMarks();
  const { createSqliteMarks } = await import('./sqlite-marks.ts');
  return createSqliteMarks({ path: config.NOTIFY_PATH, holder: randomUUID(), log, clock });
}
