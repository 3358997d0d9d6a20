import { randomUUID } from 'node:crypto';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { Logger } from 'pino';
import type { AccountRegion } from '../aws/account-region.ts';
import { lazyFor } from '../maybe-promise.ts';
import type { Replicas } from '../replicas/replicas.ts';
import type { AllKnowledge } from '../resources/knowledge.ts';
import type { Reading } from '../resources/read-all.ts';
import type { Config } from '../settings/config.ts';
import { followValue } from '../settings/file-value.ts';
import type { Clock } from '../time/clock.ts';
import { type Due, dueOf } from './due.ts';
import { createMemoryMarks, type Marks } from './marks.ts';
import { createOutbox, type NoticeWatcher, type Outbox } from './outbox.ts';
import { createReceivers } from './receivers.ts';
import { createBusSink, hashOf } from './sinks.ts';

/** Who is told of certificates before they expire. */
export type Notifications = {
  outboxes(): readonly Outbox[];
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
  // The emulator's certificates are not those of AWS, which are not gone when the emulator is read.
  const marksOf = lazyFor((sink: string) =>
    lazyFor((place: string) => marks.in(hashOf(config.UPSTREAM, sink), place)),
  );
  const dues = new Map<string, Due>();
  const bus = await createBusSink(config, options.eventBridge, clock);
  const webhooks = followValue(
    'NOTIFY_WEBHOOKS_FILE',
    config.NOTIFY_WEBHOOKS_FILE,
    config.NOTIFY_WEBHOOKS,
    { log, every: clock.every },
    () => {
      if (!options.signal.aborted) receivers.follow(); // what keeps the marks may be closed
    },
  );
  const receivers = createReceivers({
    webhooks,
    bus,
    createOutbox: (sink, after = Promise.resolve()) =>
      createOutbox({ ...options, sink, marksIn: marksOf(sink.key), after }),
    dues: () => dues.values(),
    clock,
  });
  receivers.follow();
  return {
    outboxes: receivers.all,
    areMarksKept: marks.areKept,
    dueOf: (accountRegion, reading) =>
      dueOf(reading, {
        place: accountRegion.name,
        days: config.NOTIFY_DAYS,
        stages: knowledge.of(accountRegion).stageIndex.snapshot(),
        now: clock.now(),
      }),
    update: async (due) => {
      dues.set(due.place, due);
      await Promise.all(receivers.all().map(({ update }) => update(due)));
    },
    send: async () => {
      await Promise.all([...receivers.all(), ...receivers.leaving()].map(({ send }) => send()));
    },
    close: () => {
      for (const { sink } of receivers.all()) sink.close();
      marks.close();
    },
  };
}

async function createMarks({ config, replicas, log, clock }: NotificationsOptions): Promise<Marks> {
  if (replicas) return (await import('./redis-marks.ts')).createRedisMarks(replicas);
  if (config.NOTIFY_PATH === '') return createMemoryMarks();
  const { createSqliteMarks } = await import('./sqlite-marks.ts');
  return createSqliteMarks({ path: config.NOTIFY_PATH, holder: randomUUID(), log, clock });
}
