import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { ClientCertificateStatus } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';

/** What every list of certificates shows of one. */
graphql(`
  fragment Listed on ClientCertificate {
    id
    clientCertificateId
    description
    status
    daysUntilExpiration
    expirationDate
    account
    region
    ...UsedBy
  }
`);

const LOOKS: Record<ClientCertificateStatus, { type: StatusIndicatorProps.Type; text: string }> = {
  EXPIRED: { type: 'error', text: 'Expired' },
  EXPIRING: { type: 'warning', text: 'Expiring' },
  VALID: { type: 'success', text: 'Valid' },
};

/** What the person calls a status. */
export const statusText = (status: ClientCertificateStatus): string => LOOKS[status].text;

/** A status with its sign; other words may stand for its name. */
export const CertificateStatus = ({
  status,
  children,
}: {
  status: ClientCertificateStatus;
  children?: ReactNode;
}) => (
  <StatusIndicator type={LOOKS[status].type} wrapText={false}>
    {children ?? LOOKS[status].text}
  </StatusIndicator>
);
