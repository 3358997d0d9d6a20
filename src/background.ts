import type { Logger } from 'pino';
import type { AccountRegions } from './aws/account-regions.ts';
import { createParallelReads } from './aws/parallel-reads.ts';
import type { Notifications } from './notifications/notifications.ts';
import { createRounds } from './notifications/rounds.ts';
import { pollExpirations } from './observability/expiration-poller.ts';
import type { Metrics } from './observability/metrics.ts';
import type { AllKnowledge } from './resources/knowledge.ts';
import type { ReadAll } from './resources/read-all.ts';
import type { Pace } from './resources/stages/pace.ts';
import type { Config } from './settings/config.ts';
import type { Clock } from './time/clock.ts';

/** What a service does without being asked. */
export type Background = {
  /** Reads the stages into the indexes until the signal is aborted; not at all with a rate of 0. */
  crawlStages(): Promise<void>;
  /** Begins that, and to read the certificates again and again, for their expirations and for the notices. */
  start(): void;
  /** Resolves once a notice that is being sent is out, after the signal was aborted. */
  ended(): Promise<void>;
};

export type BackgroundOptions = {
  config: Config;
  accountRegions: AccountRegions;
  knowledge: AllKnowledge;
  readAll: ReadAll;
  notifications: Notifications | undefined;
  paceOf: (accountRegion: string) => Pace;
  metrics: Metrics;
  log: Logger;
  /** Ends everything. */
  signal: AbortSignal;
  clock: Clock;
};

/**
 * Of how many accounts and regions all certificates are read in the background at the same time, and how many are asked for their
 * stages, so that most of the process is left for clients.
 */
export const MAX_BACKGROUND_READS = 8;

export function createBackground(options: BackgroundOptions): Background {
  const { config, accountRegions, knowledge, readAll, notifications, paceOf, metrics, signal, clock } =
    options;
  const areStagesRead = config.STAGE_READS_PER_SECOND > 0;
  const expirations = metrics.expirations({ tagKeys: config.METRIC_TAGS });
  const stageMetrics = metrics.stages();
  const rounds = notifications && createRounds({ notifications, areStagesRead, signal, clock });
  const { areNamed, all } = accountRegions;
  const watched = all.map((accountRegion) => ({
    accountRegion,
    expirations: expirations.in(accountRegion),
    stageMetrics: stageMetrics.in(accountRegion, () => knowledge.of(accountRegion).stageIndex.snapshot()),
    log: areNamed ? options.log.child({ accountRegion: accountRegion.name }) : options.log,
    isTold: () => areNamed && accountRegion.availability.failure() !== undefined,
  }));

  /** What it takes is loaded only then, and after the service listens. */
  async function crawlStages(): Promise<void> {
    if (!areStagesRead) return;
    const { crawl } = await import('./resources/stages/crawler.ts');
    const inTurn = createParallelReads(MAX_BACKGROUND_READS, clock.later);
    const crawls = watched.map(({ accountRegion, stageMetrics, log, isTold }) =>
      crawl({
        index: knowledge.of(accountRegion).stageIndex,
        turn: knowledge.of(accountRegion).turns?.crawl,
        pace: paceOf(accountRegion.name),
        accountRegion,
        inParallel: (call) => inTurn('', call),
        onSent: stageMetrics.called,
        log,
        isTold,
        signal,
        clock,
      }),
    );
    await Promise.all(crawls);
  }

  function pollAll(): void {
    for (const { accountRegion, expirations, log, isTold } of watched)
      void pollExpirations({
        read: () => readAll(accountRegion),
        onRead: (reading) => {
          expirations.read(reading);
          rounds?.read(accountRegion, reading);
        },
        onFailure: (code) => {
          expirations.failed(code);
          rounds?.failed(accountRegion);
        },
        everyMs: config.EXPIRY_REFRESH_MS,
        log,
        isTold,
        signal,
        wait: clock.wait,
      });
  }

  return {
    crawlStages,
    start: () => {
      pollAll();
      void crawlStages();
    },
    ended: async () => rounds?.ended(),
  };
}
