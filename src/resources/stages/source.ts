import { UpstreamError } from '../../errors.ts';
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

/** How many APIs are asked for at once: for REST APIs it is the maximum in AWS's service model. */
export const LIMIT = 500;

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

/** A page of AWS's answers, and the position of the next one if there is one. */
export type StagePage<T> = { items: T[] | undefined; position: string | undefined };

/** The items of all pages. */
export async function allOf<T>(read: (position: string | undefined) => Promise<StagePage<T>>): Promise<T[]> {
  const all: T[] = [];
  const seen = new Set<string>();
  let position: string | undefined;
  do {
    const page = await read(position);
    if (!Array.isArray(page.items ?? [])) throw incomplete();
    all.push(...(page.items ?? []));
    position = page.position || undefined;
    if (position !== undefined && seen.has(position))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent the same page position twice.');
    seen.add(position ?? '');
  } while (position !== undefined);
  return all;
}

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());

const incomplete = () =>
  new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent an incomplete list of APIs or stages.');
