import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import { CertificateStatus } from '../parts/certificate-status.tsx';
import { CertificateUsage } from '../parts/certificate-usage.tsx';
import { Copied } from '../parts/copied.tsx';
import { daysLeft, moment } from '../parts/dates.ts';
import { nameOf, placeOf } from '../parts/names.ts';
import { hrefTo } from '../shell/route.ts';
import type { Certificate } from './certificate.ts';

/** What a certificate is. */
export function Facts({ certificate }: { certificate: Certificate }) {
  const { x509, replaces, replacedBy, status, expirationDate, createdDate } = certificate;
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: 'Status',
            value: (
              <CertificateStatus status={status}>
                {daysLeft(certificate.daysUntilExpiration)}
              </CertificateStatus>
            ),
          },
          { label: 'Expires', value: <time dateTime={expirationDate}>{moment(expirationDate)}</time> },
          { label: 'Generated', value: <time dateTime={createdDate}>{moment(createdDate)}</time> },
          { label: 'Used by', value: <CertificateUsage {...certificate} /> },
          { label: 'Where', value: placeOf(certificate) },
          { label: 'Id', value: <Copied what="the id" text={certificate.clientCertificateId} /> },
          { label: 'ARN', value: <Copied what="the ARN" text={certificate.arn} /> },
          { label: 'Serial number', value: <Copied what="the serial number" text={x509.serialNumber} /> },
          { label: 'Key', value: `${x509.publicKeyAlgorithm}, ${x509.publicKeyBits} bits` },
          {
            label: 'SHA-256 fingerprint',
            value: <Copied what="the SHA-256 fingerprint" text={x509.fingerprintSha256} />,
          },
          {
            label: 'SHA-1 fingerprint',
            value: <Copied what="the SHA-1 fingerprint" text={x509.fingerprintSha1} />,
          },
          ...(replaces ? [{ label: 'Replaces', value: <ToOther {...replaces} /> }] : []),
          ...(replacedBy ? [{ label: 'Replaced by', value: <ToOther {...replacedBy} /> }] : []),
        ]}
      />
    </Container>
  );
}

const ToOther = (other: { id: string; clientCertificateId: string; description: string | null }) => (
  <Link href={hrefTo.certificate(other.id)}>{nameOf(other)}</Link>
);
