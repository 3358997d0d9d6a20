import type { Api, ApiProtocol } from './api.ts';
import type { StageFacts } from './api-stage.ts';

export type ApiName = Pick<Api, 'protocol' | 'apiId'>;

/** What the index is told, in the order in which it is to be told it: what is about an API after the list that has it. */
export type StageNews =
  | { kind: 'apis'; protocol: ApiProtocol; apis: Api[] }
  | { kind: 'stages'; api: Api; stages: StageFacts[] }
  | { kind: 'gone'; api: ApiName }
  | { kind: 'failed'; protocol: ApiProtocol; api: Api | undefined; isDenied: boolean }
  | { kind: 'stage'; api: ApiName; name: string; facts: StageFacts | null };

const RANKS = { apis: 1, stages: 2, gone: 2, failed: 3, stage: 4 } as const;

/** The name under which the newest counts. Names in alphabetical order are in that of `StageNews`. */
export function nameOfNews(news: StageNews): string {
  const rank = RANKS[news.kind];
  if (news.kind === 'apis') return `${rank} ${news.protocol}`;
  if (news.kind === 'failed') return failureName(news.protocol, news.api);
  return news.kind === 'stage' ? `${stagesPrefix(news.api)}${news.name}` : `${rank} ${idOf(news.api)}`;
}

export const failureName = (protocol: ApiProtocol, api: ApiName | undefined): string =>
  `${RANKS.failed} ${api ? idOf(api) : protocol}`;

/** The beginning of the names of all single stages of an API. */
export const stagesPrefix = (api: ApiName): string => `${RANKS.stage} ${idOf(api)} `;

/** The API whose news has this name, in the form of `idOf`; undefined for a list. */
export const apiOfName = (name: string): string | undefined => /^\d (\S+ \S+)/.exec(name)?.[1];

export const idOf = ({ protocol, apiId }: ApiName): string => `${protocol} ${apiId}`;

export const textOfNews = (news: StageNews): string => JSON.stringify(news);

/** Undefined if the text is none that `textOfNews` gives. */
export function newsOfText(text: string): StageNews | undefined {
  try {
    const news = JSON.parse(text, (key, value) =>
      key === 'lastUpdatedDate' && value ? new Date(value) : value,
    );
    return isNews(news) ? news : undefined;
  } catch {
    return undefined;
  }
}

/** Checks what the index relies on. */
function isNews(news: StageNews): boolean {
  if (!(Object(news).kind in RANKS)) return false;
  if (news.kind === 'apis')
    return isProtocol(news.protocol) && Array.isArray(news.apis) && news.apis.every(isApi);
  if (news.kind === 'failed') return isProtocol(news.protocol) && (news.api === undefined || isApi(news.api));
  if (!isApiName(news.api)) return false;
  if (news.kind === 'stages')
    return isApi(news.api) && Array.isArray(news.stages) && news.stages.every(areFacts);
  return (
    news.kind === 'gone' || (typeof news.name === 'string' && (news.facts === null || areFacts(news.facts)))
  );
}

const isProtocol = (protocol: unknown): boolean => protocol === 'REST' || protocol === 'WEBSOCKET';

const isApiName = (api: ApiName): boolean =>
  typeof Object(api).apiId === 'string' && isProtocol(api.protocol);

const isApi = (api: Api): boolean => isApiName(api) && typeof api.name === 'string';

const areFacts = (facts: StageFacts): boolean =>
  typeof Object(facts).name === 'string' &&
  (facts.certificateReference === null || typeof facts.certificateReference === 'string') &&
  (facts.lastUpdatedDate === null ||
    (facts.lastUpdatedDate instanceof Date && !Number.isNaN(facts.lastUpdatedDate.getTime())));
