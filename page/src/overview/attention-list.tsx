import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import List from '@cloudscape-design/components/list';
import type { OverviewQuery } from '../api/generated/graphql.ts';
import { useViewer } from '../api/viewer.tsx';
import { CertificateStatus } from '../parts/certificate-status.tsx';
import { usageWords } from '../parts/certificate-usage.tsx';
import { daysLeft } from '../parts/dates.ts';
import { nameOf, placeOf } from '../parts/names.ts';
import { hrefTo } from '../shell/route.ts';

/** A certificate that has expired, or will soon. */
export type Attention = NonNullable<OverviewQuery['inUse']['nodes'][number]>;

export type AttentionListProps = {
  certificates: readonly Attention[];
  label: string;
  /** Whether they may be in several accounts and regions. */
  isSpread: boolean;
};

/** Certificates, each with what is to be done about it. */
export const AttentionList = ({ certificates, label, isSpread }: AttentionListProps) => (
  <List
    ariaLabel={label}
    items={certificates}
    renderItem={(certificate) => ({
      id: certificate.id,
      content: <Link href={hrefTo.certificate(certificate.id)}>{nameOf(certificate)}</Link>,
      secondaryContent: <Facts certificate={certificate} isSpread={isSpread} />,
      actions: <Action certificate={certificate} />,
    })}
  />
);

function Facts({ certificate, isSpread }: { certificate: Attention; isSpread: boolean }) {
  const { account, status, daysUntilExpiration, clientCertificateId, description, replacedBy } = certificate;
  return (
    <>
      <CertificateStatus status={status}>{daysLeft(daysUntilExpiration)}</CertificateStatus>
      <Box color="text-body-secondary" fontSize="body-s">
        {description && <>{clientCertificateId} · </>}
        {usageWords(certificate)}
        {(account || isSpread) && <> · {placeOf(certificate)}</>}
        {replacedBy && (
          <>
            {' '}
            · to be replaced by{' '}
            <Link href={hrefTo.certificate(replacedBy.id)} fontSize="body-s">
              {nameOf(replacedBy)}
            </Link>
          </>
        )}
      </Box>
    </>
  );
}

/** One that is used, or may be, is replaced. Whoever may not do that can look at it all the same. */
function Action({ certificate }: { certificate: Attention }) {
  const { may } = useViewer();
  if (certificate.usage === 'UNUSED' || !may('client-certificates:write')) return null;
  const text = certificate.replacedBy ? 'Go on replacing' : 'Replace';
  return (
    <Button href={hrefTo.replace(certificate.id)} ariaLabel={`${text} ${nameOf(certificate)}`}>
      {text}
    </Button>
  );
}
