import type { Clock } from '../../clock.ts';
import type { Wait } from '../../patience.ts';
import type { Changes } from '../../replicas/changes.ts';
import type { Facts } from '../../replicas/facts.ts';
import type { ApiProtocol } from './api.ts';
import type { Moment } from './known-api.ts';
import type { Subject } from './plan.ts';
import type { StageSnapshot } from './snapshot.ts';
import {
  apiOfName,
  failureName,
  idOf,
  nameOfNews,
  newsOfText,
  type StageNews,
  stagesPrefix,
  textOfNews,
} from './stage-facts.ts';
import type { StageIndex } from './stage-index.ts';

/** A stage index that the replicas fill together. */
export type SharedStageIndex = StageIndex & {
  /** Takes over what others have told. False if Redis does not answer. */
  catchUp(): Promise<boolean>;
};

export type SharedStageIndexOptions = {
  /** What this process knows. */
  index: StageIndex;
  /** Whether the account is known whose stages they are. */
  isReady: () => boolean;
  facts: Facts;
  changes: Pick<Changes, 'announce' | 'watch'>;
  clock: Pick<Clock, 'elapsedMs'>;
};

/** What this process knows of a name, told by whom ever, so that it can be told again if Redis has lost it. */
type Known = { text: string; atMs: number; isTold: boolean };

/**
 * What is read counts as older by this, and so does not take the place of a single stage that another replica has written
 * meanwhile: a command takes no longer on its way to Redis.
 */
const UNCERTAIN_MS = 50;

export function createSharedStageIndex({
  index,
  isReady,
  facts,
  changes,
  clock,
}: SharedStageIndexOptions): SharedStageIndex {
  const { elapsedMs } = clock;
  const { collection } = index.stamp();
  const known = new Map<string, Known>();
  /** What is to be forgotten, unless it is newer than this. */
  const forgotten = new Map<string, number>();
  /** How many changes were made here, and of how many of them the others know. */
  let changed = 0;
  let told = 0;
  let lastCatchUp: Promise<boolean> = Promise.resolve(true);
  /** How many changes of others are being asked for. */
  let behind = 0;

  /** Whether this news makes the news with another name void: of an API that is gone, an earlier failure, or a single stage. */
  function isVoidBy(news: StageNews, atMs: number, name: string, one: Known): boolean {
    if (one.atMs > atMs) return false;
    if (news.kind === 'apis') {
      const api = apiOfName(name);
      const isGone = api?.startsWith(`${news.protocol} `) && !news.apis.some((other) => idOf(other) === api);
      return isGone || name === failureName(news.protocol, undefined);
    }
    if (news.kind !== 'stages') return false;
    return name === failureName(news.api.protocol, news.api) || name.startsWith(stagesPrefix(news.api));
  }

  /** Returns the names that are void now. */
  function remember(news: StageNews, atMs: number, isTold: boolean): string[] {
    const names = Array.from(known).flatMap(([name, one]) => (isVoidBy(news, atMs, name, one) ? [name] : []));
    for (const name of names) known.delete(name);
    const name = nameOfNews(news);
    forgotten.delete(name);
    known.set(name, { text: textOfNews(news), atMs, isTold });
    return names;
  }

  /**
   * Tells whatever the others do not know yet, and lets their next reads see it if it is a change: Redis takes the commands in this
   * order.
   */
  async function tellAll(wait?: Wait): Promise<void> {
    const untold = Array.from(known).filter(([, { isTold }]) => !isTold);
    const ended = [...forgotten];
    if (untold.length + ended.length === 0) return;
    const upTo = changed;
    const nowMs = elapsedMs();
    const ageMsOf = (atMs: number) => Math.max(0, nowMs - atMs);
    const telling = facts
      .tell(
        untold.map(([name, { text, atMs }]) => ({ name, text, ageMs: ageMsOf(atMs) })),
        ended.map(([name, atMs]) => ({ name, ageMs: ageMsOf(atMs) })),
      )
      .then((isTold) => {
        if (!isTold) return;
        for (const [, one] of untold) one.isTold = true;
        for (const [name, atMs] of ended) if (forgotten.get(name) === atMs) forgotten.delete(name);
        told = Math.max(told, upTo);
      });
    const all = Promise.all([telling, upTo > told && changes.announce(collection, wait)]);
    await (wait ? wait(all) : all);
  }

  async function tell(news: StageNews, atMs: number, wait?: Wait): Promise<void> {
    for (const name of remember(news, atMs, false)) forgotten.set(name, atMs);
    return tellAll(wait);
  }

  function apply(news: StageNews, earliest: Moment, latest: Moment): void {
    if (news.kind === 'apis') index.listed(news.protocol, news.apis, earliest);
    else if (news.kind === 'stages') index.read(news.api, news.stages, earliest);
    else if (news.kind === 'gone') index.gone(news.api);
    else if (news.kind === 'failed') index.failed(subjectOf(news), news.isDenied, earliest);
    else if (news.facts === null) index.stageGone(news.api, news.name);
    else index.note(news.api, news.facts, latest);
  }

  async function catchUpNow(): Promise<boolean> {
    if (!isReady()) return true; // there is nothing yet that could be older
    await tellAll();
    const askedAtMs = elapsedMs();
    const news = await facts.news();
    if (!news) return false;
    const answeredAtMs = elapsedMs();
    for (const { text, ageMs, at } of news.facts.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const one = newsOfText(text);
      if (!one) continue; // of another release
      const moment = { atMs: askedAtMs - ageMs, at };
      apply(one, moment, { atMs: answeredAtMs - ageMs, at });
      remember(one, moment.atMs, true);
    }
    if (news.count >= known.size) return true;
    for (const one of known.values()) one.isTold = false; // Redis has lost some of it
    await tellAll();
    return true;
  }

  /** One after the other, so that nobody goes on before what another one was told is in the index. */
  function catchUp(): Promise<boolean> {
    lastCatchUp = lastCatchUp.then(catchUpNow).catch(() => false);
    return lastCatchUp;
  }

  changes.watch(collection, async () => {
    behind += 1;
    await catchUp();
    behind -= 1;
  });

  /** A change is told to the others before it is answered. */
  async function tellChange(news: StageNews, atMs: number, wait?: Wait): Promise<void> {
    changed += 1;
    await tell(news, atMs, wait);
  }

  return {
    ...index,
    catchUp,
    snapshot: () => (behind > 0 ? notCertain(index.snapshot()) : index.snapshot()),
    stamp: () => (behind > 0 ? { ...index.stamp(), epoch: -1 } : index.stamp()),
    isFresh: (stamp) => behind === 0 && index.isFresh(stamp),
    listed: (protocol: ApiProtocol, apis, moment) => {
      index.listed(protocol, apis, moment);
      void tell({ kind: 'apis', protocol, apis }, moment.atMs - UNCERTAIN_MS);
    },
    read: (api, stages, moment) => {
      index.read(api, stages, moment);
      void tell({ kind: 'stages', api, stages }, moment.atMs - UNCERTAIN_MS);
    },
    failed: (subject, isDenied, moment) => {
      index.failed(subject, isDenied, moment);
      const api = subject.kind === 'apis' ? undefined : subject.api;
      const protocol = subject.kind === 'apis' ? subject.protocol : subject.api.protocol;
      void tell({ kind: 'failed', protocol, api, isDenied }, moment.atMs - UNCERTAIN_MS);
    },
    gone: (api) => {
      index.gone(api);
      void tell({ kind: 'gone', api }, elapsedMs() - UNCERTAIN_MS);
    },
    stageGone: (api, name, wait) => {
      index.stageGone(api, name);
      return tellChange({ kind: 'stage', api, name, facts: null }, elapsedMs(), wait);
    },
    note: (api, stage, moment, wait) => {
      index.note(api, stage, moment);
      return tellChange({ kind: 'stage', api, name: stage.name, facts: stage }, moment.atMs, wait);
    },
  };
}

/** While a change is known of, but not yet what it was. */
const notCertain = (snapshot: StageSnapshot): StageSnapshot => ({
  ...snapshot,
  index: { ...snapshot.index, complete: false },
  usageOf: () => 'UNKNOWN',
});

const subjectOf = ({ protocol, api }: Extract<StageNews, { kind: 'failed' }>): Subject =>
  api ? { kind: 'stages', api } : { kind: 'apis', protocol };
