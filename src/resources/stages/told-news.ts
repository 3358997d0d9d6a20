import type { Fact } from '../../replicas/facts.ts';
import {
  apiOfName,
  failureName,
  idOf,
  nameOfNews,
  type StageNews,
  stagesPrefix,
  textOfNews,
} from './stage-facts.ts';

/** What is to be told now. `told` is to be called when the others know it. */
export type Telling = { facts: Fact[]; forgotten: Omit<Fact, 'text'>[]; told(): void };

/** What this process knows, told by whom ever, so that it can be told again if Redis has lost it. */
export type ToldNews = {
  /** Learnt from AWS, so that the others are to be told, unless something newer is known. */
  learn(news: StageNews, atMs: number): void;
  /** Told by Redis, of some time between the two. False if something newer is known. */
  hear(news: StageNews, earliestMs: number, latestMs: number): boolean;
  /** Undefined if the others know everything. */
  toTell(nowMs: number): Telling | undefined;
  /** Redis may have lost some of it. What is heard from then on, it has. */
  tellAgain(): void;
  count(): number;
};

type Known = { text: string; atMs: number; isTold: boolean };

export function createToldNews(): ToldNews {
  const known = new Map<string, Known>();
  /** What is to be forgotten, unless it is newer than this. */
  const forgotten = new Map<string, number>();

  const isOld = (news: StageNews, atMs: number) =>
    (known.get(nameOfNews(news))?.atMs ?? Number.NEGATIVE_INFINITY) > atMs;

  /** Returns the names that are void now. */
  function remember(news: StageNews, atMs: number, isTold: boolean): string[] {
    const names = Array.from(known).flatMap(([name, one]) =>
      one.atMs <= atMs && isVoidBy(news, name) ? [name] : [],
    );
    for (const name of names) known.delete(name);
    const name = nameOfNews(news);
    forgotten.delete(name);
    known.set(name, { text: textOfNews(news), atMs, isTold });
    return names;
  }

  return {
    learn: (news, atMs) => {
      if (isOld(news, atMs)) return;
      for (const name of remember(news, atMs, false)) forgotten.set(name, atMs);
    },
    hear: (news, earliestMs, latestMs) => {
      if (isOld(news, latestMs)) return false;
      remember(news, earliestMs, true);
      return true;
    },
    toTell: (nowMs) => {
      const untold = Array.from(known).filter(([, { isTold }]) => !isTold);
      const ended = [...forgotten];
      if (untold.length + ended.length === 0) return undefined;
      const ageMsOf = (atMs: number) => Math.max(0, nowMs - atMs);
      return {
        facts: untold.map(([name, { text, atMs }]) => ({ name, text, ageMs: ageMsOf(atMs) })),
        forgotten: ended.map(([name, atMs]) => ({ name, ageMs: ageMsOf(atMs) })),
        told: () => {
          for (const [, one] of untold) one.isTold = true;
          for (const [name, atMs] of ended) if (forgotten.get(name) === atMs) forgotten.delete(name);
        },
      };
    },
    tellAgain: () => {
      for (const one of known.values()) one.isTold = false;
    },
    count: () => known.size,
  };
}

/** Whether this news makes older news with another name void: of an API that is gone, an earlier failure, or a single stage. */
function isVoidBy(news: StageNews, name: string): boolean {
  if (news.kind === 'apis') {
    const api = apiOfName(name);
    const isGone = api?.startsWith(`${news.protocol} `) && !news.apis.some((other) => idOf(other) === api);
    return isGone || name === failureName(news.protocol, undefined);
  }
  if (news.kind !== 'stages') return false;
  return name === failureName(news.api.protocol, news.api) || name.startsWith(stagesPrefix(news.api));
}
