import type { Stamp } from '../../aws/stamps.ts';
import type { Api, ApiProtocol } from './api.ts';
import { type ApiStage, type StageFacts, toApiStage } from './api-stage.ts';
import type { Entry, Subject } from './plan.ts';
import { createStageSnapshot, type StageSnapshot } from './snapshot.ts';

/** When AWS was asked: by a clock that is never set back, and by the wall. */
export type Moment = { atMs: number; at: Date };

/** What is known about the stages of an account and region. It is told what AWS has answered, and asks nobody. */
export type StageIndex = {
  /** The APIs of a protocol. Others are forgotten, with their stages. */
  listed(protocol: ApiProtocol, apis: Api[], moment: Moment): void;
  /** All stages of an API. */
  read(api: Api, stages: StageFacts[], moment: Moment): void;
  /** AWS was asked in vain. If it refuses, the index is not complete any more, since nothing tells what has changed there. */
  failed(subject: Subject, isDenied: boolean, moment: Moment): void;
  /** AWS does not know this API. */
  gone(api: Api): void;
  /** One stage, from AWS's answer to a write or to a read of it alone. Nothing older takes its place. */
  note(api: Pick<Api, 'protocol' | 'apiId'>, stage: StageFacts, moment: Moment): void;
  /** Everything that can be read, the lists of APIs first. */
  entries(): Iterable<Entry>;
  /** What is known now. */
  snapshot(): StageSnapshot;
  /** Says how current the snapshot is. */
  stamp(): Stamp;
  /** Whether a snapshot with this stamp is the newest; false for other collections. */
  isFresh(stamp: Stamp): boolean;
};

/** What is known about a subject besides its content. */
type Tried = { triedAtMs?: number; readAt?: Date; isDenied: boolean };

type KnownStage = { stage: ApiStage; readAtMs: number };

type KnownApi = Tried & { api: Api; stages: Map<string, KnownStage> };

const keyOf = ({ protocol, apiId }: Pick<Api, 'protocol' | 'apiId'>) => `${protocol} ${apiId}`;

const isKnown = ({ readAt, isDenied }: Tried) => readAt !== undefined && !isDenied;

export function createStageIndex(region: string): StageIndex {
  const collection = `stages ${region}`;
  const lists: Record<ApiProtocol, Tried> = { REST: { isDenied: false }, WEBSOCKET: { isDenied: false } };
  const apis = new Map<string, KnownApi>();
  let epoch = 0;
  let readAtMs = 0;
  let snapshot: StageSnapshot | undefined;

  function changed(atMs: number): void {
    epoch += 1;
    readAtMs = atMs;
    snapshot = undefined;
  }

  const knownStage = (api: Api, facts: StageFacts, { atMs, at }: Moment): KnownStage => ({
    stage: toApiStage(region, api, facts, at),
    readAtMs: atMs,
  });

  function wasRead(tried: Tried, { atMs, at }: Moment): void {
    Object.assign(tried, { triedAtMs: atMs, readAt: at, isDenied: false });
    changed(atMs);
  }

  /** The name of an API may have changed. */
  function renamed({ stages, ...known }: KnownApi, api: Api): KnownApi {
    const entries = Array.from(stages, ([name, { stage, readAtMs }]): [string, KnownStage] => [
      name,
      { stage: { ...stage, api }, readAtMs },
    ]);
    return { ...known, api, stages: new Map(entries) };
  }

  function currentSnapshot(): StageSnapshot {
    const all = Array.from(apis.values());
    const read = all.filter(isKnown);
    const readTimes = all.flatMap(({ readAt }) => (readAt ? [readAt.getTime()] : []));
    const index = {
      apis: all.length,
      apisRead: read.length,
      complete: Object.values(lists).every(isKnown) && read.length === all.length,
      oldestReadAt: readTimes.length > 0 ? new Date(Math.min(...readTimes)) : null,
    };
    return createStageSnapshot(
      index,
      all.flatMap(({ stages }) => Array.from(stages.values(), ({ stage }) => stage)),
    );
  }

  return {
    listed: (protocol, listed, moment) => {
      wasRead(lists[protocol], moment);
      const keys = new Set(listed.map(keyOf));
      for (const [key, { api }] of apis) if (api.protocol === protocol && !keys.has(key)) apis.delete(key);
      for (const api of listed) {
        const known = apis.get(keyOf(api));
        if (!known) apis.set(keyOf(api), { api, isDenied: false, stages: new Map() });
        else if (known.api.name !== api.name) apis.set(keyOf(api), renamed(known, api));
      }
    },
    read: (api, stages, moment) => {
      const known = apis.get(keyOf(api));
      if (!known) return;
      wasRead(known, moment);
      const newer = Array.from(known.stages).filter(([, { readAtMs }]) => readAtMs > moment.atMs);
      known.stages = new Map([
        ...stages.map((facts): [string, KnownStage] => [facts.name, knownStage(known.api, facts, moment)]),
        ...newer,
      ]);
    },
    failed: (subject, isDenied, { atMs }) => {
      const tried = subject.kind === 'apis' ? lists[subject.protocol] : apis.get(keyOf(subject.api));
      if (!tried) return;
      tried.triedAtMs = atMs;
      if (isDenied) tried.isDenied = true;
      changed(atMs);
    },
    gone: (api) => {
      if (apis.delete(keyOf(api))) changed(readAtMs);
    },
    note: (api, facts, moment) => {
      const known = apis.get(keyOf(api));
      const there = known?.stages.get(facts.name);
      if (!known || (there && there.readAtMs > moment.atMs)) return;
      known.stages.set(facts.name, knownStage(known.api, facts, moment));
      changed(moment.atMs);
    },
    *entries() {
      for (const protocol of ['REST', 'WEBSOCKET'] as const)
        yield entryOf({ kind: 'apis', protocol }, lists[protocol], false);
      for (const known of apis.values()) {
        const hasCertificate = known.stages.values().some(({ stage }) => stage.certificateReference !== null);
        yield entryOf({ kind: 'stages', api: known.api }, known, hasCertificate);
      }
    },
    snapshot: () => {
      snapshot ??= currentSnapshot();
      return snapshot;
    },
    stamp: () => ({ collection, epoch, readAtMs }),
    isFresh: (stamp) => stamp.collection === collection && stamp.epoch === epoch,
  };
}

const entryOf = (
  subject: Subject,
  { triedAtMs, readAt, isDenied }: Tried,
  hasCertificate: boolean,
): Entry => ({
  subject,
  triedAtMs,
  isRead: readAt !== undefined,
  isDenied,
  hasCertificate,
});
