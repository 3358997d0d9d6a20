import type { Changes } from '../../replicas/changes.ts';
import type { Facts } from '../../replicas/facts.ts';
import type { Clock } from '../../time/clock.ts';
import type { Wait } from '../../time/patience.ts';
import type { ApiProtocol } from './api.ts';
import type { Moment } from './known-api.ts';
import type { Subject } from './plan.ts';
import type { StageSnapshot } from './snapshot.ts';
import { newsOfText, type StageNews } from './stage-facts.ts';
import type { StageIndex } from './stage-index.ts';
import { createToldNews } from './told-news.ts';

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

/**
 * What is read counts as older by this, and so does not take the place of a single stage that another replica has written
 * meanwhile: so much later than it is may a replica believe Redis's clock to be, since a question for it takes no longer on its way.
 */
const UNCERTAIN_MS = 50;

/** So much older may be told what is told, by times and ages in whole milliseconds. */
const ROUNDED_MS = 2;

export function createSharedStageIndex({
  index,
  isReady,
  facts,
  changes,
  clock,
}: SharedStageIndexOptions): SharedStageIndex {
  const { elapsedMs } = clock;
  const { collection } = index.stamp();
  const news = createToldNews();
  /** How many changes were made here, and of how many of them the others know. */
  let changed = 0;
  let told = 0;
  let lastCatchUp: Promise<boolean> = Promise.resolve(true);
  /** How many changes of others are being asked for. */
  let behind = 0;

  /**
   * Tells whatever the others do not know yet, and lets their next reads see it if it is a change: Redis takes the commands in this
   * order.
   */
  async function tellAll(wait?: Wait): Promise<void> {
    const telling = news.toTell(elapsedMs());
    if (!telling) return;
    const upTo = changed;
    const telt = facts.tell(telling.facts, telling.forgotten).then((isTold) => {
      if (!isTold) return;
      telling.told();
      told = Math.max(told, upTo);
    });
    const all = Promise.all([telt, upTo > told && changes.announce(collection, wait)]);
    await (wait ? wait(all) : all);
  }

  async function tell(one: StageNews, atMs: number, wait?: Wait): Promise<void> {
    news.learn(one, atMs);
    return tellAll(wait);
  }

  function apply(one: StageNews, earliest: Moment, latest: Moment): void {
    if (one.kind === 'apis') index.listed(one.protocol, one.apis, earliest);
    else if (one.kind === 'stages') index.read(one.api, one.stages, earliest);
    else if (one.kind === 'gone') index.gone(one.api);
    else if (one.kind === 'failed') index.failed(subjectOf(one), one.isDenied, latest);
    else if (one.facts === null) index.stageGone(one.api, one.name, earliest);
    else index.note(one.api, one.facts, latest);
  }

  async function catchUpNow(): Promise<boolean> {
    if (!isReady()) return true; // there is nothing yet that could be older
    const askedAtMs = elapsedMs();
    const [, heard] = await Promise.all([tellAll(), facts.news()]);
    if (!heard) return false;
    const answeredAtMs = elapsedMs() + ROUNDED_MS;
    if (heard.isAll) news.tellAgain();
    for (const { text, ageMs, at } of heard.facts.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const one = newsOfText(text);
      if (!one) continue; // of another release
      const earliest = { atMs: askedAtMs - ageMs, at };
      const latest = { atMs: answeredAtMs - ageMs, at };
      if (news.hear(one, earliest.atMs, latest.atMs)) apply(one, earliest, latest);
    }
    const isLess = heard.count < news.count();
    if (isLess) news.tellAgain();
    if (isLess || heard.isAll) await tellAll();
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
  async function tellChange(one: StageNews, atMs: number, wait?: Wait): Promise<void> {
    changed += 1;
    await tell(one, atMs, wait);
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
    doubt: (api, moment, wait) => {
      index.doubt(api, moment);
      return tellChange({ kind: 'failed', protocol: api.protocol, api, isDenied: true }, moment.atMs, wait);
    },
    gone: (api) => {
      index.gone(api);
      void tell({ kind: 'gone', api }, elapsedMs() - UNCERTAIN_MS);
    },
    stageGone: (api, name, moment, wait) => {
      index.stageGone(api, name, moment);
      return tellChange({ kind: 'stage', api, name, facts: null }, moment.atMs, wait);
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
