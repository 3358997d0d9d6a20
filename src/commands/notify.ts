import type { Logger } from 'pino';
import type { Due } from '../notifications/due.ts';
import { CLAIM_MS } from '../notifications/marks.ts';
import { messagesOf } from '../notifications/messages.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { collectOnce } from '../notifications/once.ts';
import { createService } from '../service.ts';
import { type Config, ConfigError } from '../settings/config.ts';
import { systemClock } from '../time/clock.ts';

/** Beside a service on the same file. An emulator in memory has other certificates than that of the service, so there it stops at its port. */
const besideService = (config: Config): Config =>
  config.EMULATOR_PATH ? { ...config, EMULATOR_PORT: 0 } : config;

export type NotifyOptions = { isDryRun: boolean; sinceMs: number };

/** How long receivers that fail are tried. Whatever a killed process had begun to send may be sent again by then. */
const GIVE_UP_MS = 2 * CLAIM_MS;

/** A timer that keeps the process alive, which those of the clock do not. */
const STAY_MS = 60_000;

/**
 * Tells once of certificates that expire; a dry run changes nothing, and `text` is what would be sent: a line for each message, with the
 * sink before it. `isDone` is false if something could not be read or sent.
 */
export async function notify(
  config: Config,
  log: Logger,
  { isDryRun, sinceMs }: NotifyOptions,
): Promise<{ text: string; isDone: boolean }> {
  const emulator =
    config.UPSTREAM === 'emulator'
      ? await (await import('./emulator.ts')).startEmulator(besideService(config))
      : undefined;
  const upstream = emulator?.upstream;
  const service = await createService({ config, log, ...(upstream && { upstream }) });
  const stay = setInterval(() => undefined, STAY_MS);
  try {
    const { notifications } = service;
    if (!notifications)
      throw new ConfigError(
        'NOTIFY_WEBHOOKS: expected a receiver, or NOTIFY_EVENT_BUS with UPSTREAM=aws; got none',
      );
    const { dues, unread } = await collectOnce({
      notifications,
      accountRegions: service.accountRegions.all,
      readAll: service.readAll,
      crawlStages: config.STAGE_READS_PER_SECOND > 0 ? service.crawlStages : undefined,
      sinceMs,
      log,
      clock: systemClock,
    });
    if (isDryRun) return { text: await textOf(notifications, dues), isDone: unread === 0 };
    for (const due of dues) await notifications.update(due);
    await Promise.race([notifications.send(), systemClock.wait(GIVE_UP_MS)]);
    const left = notifications.outboxes().flatMap(({ waiting }) => waiting()).length;
    return { text: '', isDone: unread + left === 0 };
  } finally {
    clearInterval(stay);
    service.close();
    await emulator?.stop();
  }
}

async function textOf({ outboxes }: Notifications, dues: Due[]): Promise<string> {
  const lines: string[] = [];
  for (const { sink, preview } of outboxes()) {
    const waiting = (await Promise.all(dues.map(preview))).flat();
    lines.push(...messagesOf(sink, waiting).map(({ body }) => `${sink.name} ${body}`));
  }
  return lines.length === 0 ? 'Nothing is due.' : lines.join('\n');
}
