import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ClientCertificateUsage, UsedByFragment } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import { count } from './names.ts';

graphql(`
  fragment UsedBy on ClientCertificate {
    usage
    stages(first: 0) {
      totalCount
      index {
        complete
      }
    }
  }
`);

export type Used = UsedByFragment;

const TEXTS: Record<ClientCertificateUsage, string> = {
  IN_USE: 'In use',
  UNKNOWN: 'Unknown',
  UNUSED: 'Not used',
};

/** What the person calls a usage. */
export const usageText = (usage: ClientCertificateUsage): string => TEXTS[usage];

/** How many stages use a certificate, in words; while not all stages have been read, how many at least, or that it is unknown. */
export function usageWords({ usage, stages: { totalCount, index } }: Used): string {
  if (usage === 'UNKNOWN') return 'Unknown yet';
  if (usage === 'UNUSED') return 'Not used';
  return index.complete ? count(totalCount, 'stage') : `${count(totalCount, 'stage')} at least`;
}

/** The same, with a sign that it is not known yet. */
export const CertificateUsage = (used: Used) =>
  used.usage === 'UNKNOWN' ? (
    <StatusIndicator type="pending">{usageWords(used)}</StatusIndicator>
  ) : (
    usageWords(used)
  );
