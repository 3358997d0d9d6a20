import { type Placed, placeIn } from '../../relay/list.ts';
import type { Place } from '../place.ts';
import type { Api } from './api.ts';
import { type ApiStage, type StageFacts, toApiStage } from './api-stage.ts';

/** When AWS was asked: by a clock that is never set back, and by the wall. */
export type Moment = { atMs: number; at: Date };

/** What is known about something that can be read, besides its content. */
export type Tried = {
  /** When AWS was last asked for it. */
  triedAtMs?: number;
  /** When AWS was asked that last answered, by both clocks. */
  readAt?: Date;
  readAtMs?: number;
  /** Whether AWS refused it the last time. */
  isDenied: boolean;
  /** What was asked for until then may not be so any more: AWS has refused it since, or what a write has changed is not known. */
  doubtedAtMs?: number;
};

/** A stage, and when AWS was asked for it. */
export type KnownStage = { stage: ApiStage; readAtMs: number };

/** An API with its stages by their names, and these in the order of the list, which is made once: many snapshots have them. */
export type KnownApi = Tried & {
  api: Api;
  /** The name of its account and region, where there are several. */
  where: string | undefined;
  stages: Map<string, KnownStage>;
  placed: Placed<ApiStage>[];
};

export const isKnown = ({ readAtMs, doubtedAtMs = Number.NEGATIVE_INFINITY }: Tried) =>
  readAtMs !== undefined && readAtMs > doubtedAtMs;

export const createKnownApi = (api: Api, where: string | undefined): KnownApi => ({
  api,
  where,
  isDenied: false,
  stages: new Map(),
  placed: [],
});

export const knownStage = (place: Place, api: Api, facts: StageFacts, { atMs, at }: Moment): KnownStage => ({
  stage: toApiStage(place, api, facts, at),
  readAtMs: atMs,
});

export function setStages(known: KnownApi, stages: Iterable<KnownStage>): void {
  known.stages = new Map(Array.from(stages, (one) => [one.stage.name, one]));
  known.placed = Array.from(known.stages.values(), ({ stage }) => placed(stage, known.where)).sort(byArn);
}

/** Takes over the API as it is now: its name may have changed. */
export function rename(known: KnownApi, api: Api): void {
  known.api = api;
  setStages(
    known,
    known.stages.values().map(({ stage, readAtMs }) => ({ stage: { ...stage, api }, readAtMs })),
  );
}

const placed = (node: ApiStage, where: string | undefined): Placed<ApiStage> => ({
  node,
  place: placeIn(where, { position: null, place: 0, key: null, ids: [node.arn] }),
});

const byArn = (a: Placed<ApiStage>, b: Placed<ApiStage>) => (a.node.arn < b.node.arn ? -1 : 1);
