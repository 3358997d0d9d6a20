import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type {
  MoveMutation,
  ReplacedFragment,
  ReplacementQuery,
  StageReplacementStatus,
} from '../api/generated/graphql.ts';

/** A certificate of a replacement, with its stages. */
export type Certificate = NonNullable<ReplacementQuery['clientCertificate']>;
export type Replaced = ReplacedFragment;
export type Stage = Replaced['stages']['nodes'][number];

type Payload = Extract<
  MoveMutation['replaceClientCertificate'],
  { __typename: 'ReplaceClientCertificatePayload' }
>;

/** What came of a stage: as the service says, that it refused the stage or the whole request, or that its answer did not come. */
export type Outcome = {
  status: StageReplacementStatus | 'MOVING' | 'NOT_MOVED' | 'REFUSED' | 'NOT_KNOWN';
  message?: string | undefined;
};

type Words = {
  type: StatusIndicatorProps.Type;
  text: string;
  /** What to do, unless nothing is left to be done. */
  advice?: string;
};

/** What a person has to know of each, and what to do. */
const WORDS: Record<Outcome['status'], Words> = {
  PLANNED: { type: 'pending', text: 'Would get it' },
  MOVING: { type: 'in-progress', text: 'Moving' },
  REPLACED: { type: 'success', text: 'Moved' },
  ALREADY_REPLACED: { type: 'success', text: 'Had it before' },
  CHANGED_MEANWHILE: {
    type: 'warning',
    text: 'Left alone: someone has put another certificate on it',
    advice: 'Ask them.',
  },
  GONE: {
    type: 'info',
    text: 'The stage or its API does not exist any more',
    advice: 'Nothing is to be moved.',
  },
  FAILED: { type: 'error', text: 'Failed', advice: 'Move it again once that is mended.' },
  NOT_TRIED: {
    type: 'pending',
    text: 'Not tried: the time or the AWS calls of the request were used up, or AWS throttled',
    advice: 'Move it again.',
  },
  NOT_MOVED: { type: 'warning', text: 'Not moved' },
  REFUSED: { type: 'stopped', text: 'Not tried: see below' },
  NOT_KNOWN: { type: 'warning', text: 'No answer came', advice: 'Move it again: that does no harm.' },
};

/** In sentences: what came of it, why, and what to do. */
export const wordsOf = ({ status, message }: Outcome): Pick<Words, 'type' | 'text'> => {
  const { type, text, advice } = WORDS[status];
  const said = message ? `${text}: ${message.replace(/\.$/, '')}` : text;
  return { type, text: advice ? `${said}. ${advice}` : said };
};

/** What a payload says of one stage; it also has those that have the new certificate already. */
export function outcomeOf({ outcomes }: Payload, stageId: string): Outcome {
  const found = outcomes.find(({ stage }) => stage.id === stageId);
  return found ? { status: found.status, message: found.error?.message } : { status: 'NOT_KNOWN' };
}
