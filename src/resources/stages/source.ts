import { UpstreamError } from '../../errors/errors.ts';
import type { AwsPage } from '../all-items.ts';
import type { Api } from './api.ts';
import type { ApiStage, StageFacts } from './api-stage.ts';

/** How the APIs of one protocol, and their stages, are read from AWS. Rejects with an `UpstreamError` if an answer is incomplete. */
export type StageSource = {
  apis(): Promise<Api[]>;
  stagesOf(api: Api): Promise<StageFacts[]>;
};

/** How one stage is read and changed. Both say what AWS has then. */
export type OneStage = {
  read(stage: Pick<ApiStage, 'api' | 'name'>): Promise<StageFacts>;
  /** Puts a client certificate on a stage, and changes nothing else. */
  write(stage: Pick<ApiStage, 'api' | 'name'>, clientCertificateId: string): Promise<StageFacts>;
};

/** What is kept of a stage. The SDK does not check what it gets, so all of it is checked here. */
export const toFacts = (name: unknown, reference: unknown, lastUpdatedDate: unknown): StageFacts => ({
  name: toText(name),
  certificateReference: reference === undefined || reference === '' ? null : toText(reference),
  lastUpdatedDate: isDate(lastUpdatedDate) ? lastUpdatedDate : null,
});

/** A text that every API and every stage has. */
export function toText(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw incomplete();
  return value;
}

/** What AWS sent as a page. It sends an empty position, too, where there is no next page. */
export function toPage<T>(items: T[] | null | undefined, position: string | undefined): AwsPage<T> {
  const all = items ?? [];
  if (!Array.isArray(all)) throw incomplete();
  return { items: all, position: position || undefined };
}

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());

/** If it is the answer to a change, AWS has made that. */
const incomplete = () =>
  Object.assign(new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent an incomplete list of APIs or stages.'), {
    mayHaveHappened: true,
  });
