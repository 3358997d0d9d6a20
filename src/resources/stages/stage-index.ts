import type { AccountRegion } from '../../aws/account-region.ts';
import type { Stamp } from '../../aws/stamps.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Wait } from '../../time/patience.ts';
import type { Api, ApiProtocol } from './api.ts';
import type { StageFacts } from './api-stage.ts';
import { arnOf } from './id.ts';
import {
  createKnownApi,
  isKnown,
  type KnownApi,
  knownStage,
  type Moment,
  rename,
  setStages,
  type Tried,
} from './known-api.ts';
import { type Entry, type Subject, tooOldMs } from './plan.ts';
import { createStageSnapshot, type StageSnapshot } from './snapshot.ts';

/** What is known about the stages of an account and region. It is told what AWS has answered, and asks nobody. */
export type StageIndex = {
  /** The APIs of a protocol. Others are forgotten, with their stages. */
  listed(protocol: ApiProtocol, apis: Api[], moment: Moment): void;
  /** All stages of an API. */
  read(api: Api, stages: StageFacts[], moment: Moment): void;
  /** AWS was asked in vain. If it refuses, the index is not complete any more, since nothing tells what has changed there. */
  failed(subject: Subject, isDenied: boolean, moment: Moment): void;
  /** What a write has changed is not known: the index is not complete until these stages were read again. */
  doubt(api: Api, moment: Moment, wait?: Wait): MaybePromise<void>;
  /** AWS does not know this API. */
  gone(api: Pick<Api, 'protocol' | 'apiId'>): void;
  /** AWS did not know this stage, or its API. One that was read later may have been created under its name. */
  stageGone(
    api: Pick<Api, 'protocol' | 'apiId'>,
    name: string,
    moment: Moment,
    wait?: Wait,
  ): MaybePromise<void>;
  /**
   * One stage, from AWS's answer to a write or to a read of it alone. Nothing older takes its place, also in other replicas once it
   * has resolved, for which `wait` is patient.
   */
  note(
    api: Pick<Api, 'protocol' | 'apiId'>,
    stage: StageFacts,
    moment: Moment,
    wait?: Wait,
  ): MaybePromise<void>;
  /** Everything that can be read, the lists of APIs first. */
  entries(): Iterable<Entry>;
  /** Whether everything was read recently enough to rule something out. */
  isCurrent(nowMs: number): boolean;
  /** What is known now. */
  snapshot(): StageSnapshot;
  /** Says how current the snapshot is. */
  stamp(): Stamp;
  /** Whether a snapshot with this stamp is the newest; false for other collections. */
  isFresh(stamp: Stamp): boolean;
};

/** The account must have been identified before stages are known. `readsPerSecond` is how quickly they are read. */
export function createStageIndex(
  accountRegion: Pick<AccountRegion, 'account' | 'accountId' | 'region' | 'name' | 'where'>,
  readsPerSecond: number,
): StageIndex {
  const { region } = accountRegion;
  const collection = `stages ${accountRegion.name}`;
  const lists: Record<ApiProtocol, Tried> = { REST: { isDenied: false }, WEBSOCKET: { isDenied: false } };
  const apis = new Map<string, KnownApi>();
  /** All APIs in the order of the list; undefined if others have come or gone. */
  let inOrder: KnownApi[] | undefined;
  let snapshot: StageSnapshot | undefined;
  let epoch = 0;
  let readAtMs = 0;

  function changed(atMs: number): void {
    epoch += 1;
    readAtMs = atMs;
    snapshot = undefined;
  }

  function wasRead(tried: Tried, { atMs, at }: Moment): void {
    const triedAtMs = latest(tried.triedAtMs, atMs);
    Object.assign(tried, { triedAtMs, readAt: at, readAtMs: atMs, isDenied: false });
    changed(atMs);
  }

  function failed(subject: Subject, isDenied: boolean, { atMs }: Moment): void {
    const tried = subject.kind === 'apis' ? lists[subject.protocol] : apis.get(keyOf(subject.api));
    if (!tried) return;
    tried.triedAtMs = latest(tried.triedAtMs, atMs); // it is read no sooner than a minute later
    if (isDenied) Object.assign(tried, { isDenied, doubtedAtMs: latest(tried.doubtedAtMs, atMs) });
    changed(atMs);
  }

  /** Nothing but the slash that follows an id is in front of the names, so that the order is that of all ARNs. */
  const byArnsOfStages = (a: KnownApi, b: KnownApi) =>
    arnOf(region, a.api, '') < arnOf(region, b.api, '') ? -1 : 1;

  function currentSnapshot(): StageSnapshot {
    inOrder ??= Array.from(apis.values()).sort(byArnsOfStages);
    const read = inOrder.filter(isKnown);
    const readTimes = inOrder.flatMap(({ readAt }) => (readAt ? [readAt.getTime()] : []));
    const index = {
      apis: inOrder.length,
      apisRead: read.length,
      complete: Object.values(lists).every(isKnown) && read.length === inOrder.length,
      oldestReadAt: readTimes.length > 0 ? new Date(Math.min(...readTimes)) : null,
    };
    return createStageSnapshot(
      index,
      inOrder.flatMap(({ placed }) => placed),
    );
  }

  return {
    listed: (protocol, listed, moment) => {
      wasRead(lists[protocol], moment);
      inOrder = undefined;
      const keys = new Set(listed.map(keyOf));
      for (const [key, { api }] of apis) if (api.protocol === protocol && !keys.has(key)) apis.delete(key);
      for (const api of listed) {
        const known = apis.get(keyOf(api));
        if (!known) apis.set(keyOf(api), createKnownApi(api, accountRegion.where));
        else if (known.api.name !== api.name) rename(known, api);
      }
    },
    read: (api, stages, moment) => {
      const known = apis.get(keyOf(api));
      if (!known) return;
      wasRead(known, moment);
      const newer = known.stages.values().filter(({ readAtMs }) => readAtMs > moment.atMs);
      setStages(known, [
        ...stages.map((facts) => knownStage(accountRegion, known.api, facts, moment)),
        ...newer,
      ]);
    },
    failed,
    doubt: (api, moment) => failed({ kind: 'stages', api }, true, moment),
    gone: (api) => {
      if (!apis.delete(keyOf(api))) return;
      inOrder = undefined;
      changed(readAtMs);
    },
    stageGone: (api, name, { atMs }) => {
      const known = apis.get(keyOf(api));
      const there = known?.stages.get(name);
      if (!known || !there || there.readAtMs > atMs) return;
      setStages(
        known,
        known.stages.values().filter(({ stage }) => stage.name !== name),
      );
      changed(readAtMs);
    },
    note: (api, facts, moment) => {
      const known = apis.get(keyOf(api));
      const there = known?.stages.get(facts.name);
      if (!known || (there && there.readAtMs > moment.atMs)) return;
      setStages(known, [...known.stages.values(), knownStage(accountRegion, known.api, facts, moment)]);
      changed(moment.atMs);
    },
    *entries() {
      for (const protocol of ['REST', 'WEBSOCKET'] as const)
        yield entryOf({ kind: 'apis', protocol }, lists[protocol], false);
      for (const known of apis.values()) {
        const hasCertificate = known.placed.some(({ node }) => node.certificateReference !== null);
        yield entryOf({ kind: 'stages', api: known.api }, known, hasCertificate);
      }
    },
    isCurrent: (nowMs) => {
      const sinceMs = nowMs - tooOldMs(apis.size, readsPerSecond);
      const all = [...Object.values(lists), ...apis.values()];
      return all.every(({ readAtMs }) => readAtMs !== undefined && readAtMs >= sinceMs);
    },
    snapshot: () => {
      snapshot ??= currentSnapshot();
      return snapshot;
    },
    stamp: () => ({ collection, epoch, readAtMs }),
    isFresh: (stamp) => stamp.collection === collection && stamp.epoch === epoch,
  };
}

/** An older answer may come later. */
const latest = (knownMs: number | undefined, atMs: number) => Math.max(knownMs ?? atMs, atMs);

const keyOf = ({ protocol, apiId }: Pick<Api, 'protocol' | 'apiId'>) => `${protocol} ${apiId}`;

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
