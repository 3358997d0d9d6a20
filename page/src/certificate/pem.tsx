import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Copied } from '../parts/copied.tsx';
import { TextFile } from '../parts/text-file.tsx';
import type { Certificate } from './certificate.ts';

/** AWS sends CRLF lines and no newline at the end, with which `cat a.pem b.pem` makes a file that OpenSSL refuses. */
const asFile = (pem: string) => `${pem.replaceAll('\r\n', '\n').trimEnd()}\n`;

/** Of trusted certificates with the same subject, OpenSSL finds one alone: see docs/trust-bundles.md. */
const checkOf = (file: string) => `openssl verify -partial_chain -CAfile trust.pem ${file}`;

/** The certificate itself, as a file, and how OpenSSL finds it among others. */
export function Pem({
  certificate: { clientCertificateId, pemEncodedCertificate },
}: {
  certificate: Certificate;
}) {
  const file = `${clientCertificateId}.pem`;
  return (
    <Container header={<Header variant="h2">PEM</Header>}>
      <SpaceBetween size="m">
        <TextFile name={file} label="the PEM of the certificate" text={asFile(pemEncodedCertificate)} />
        <div>
          OpenSSL accepts only one of several certificates in a file (error 18), because all have the same
          subject, unless it is told to trust each by itself, as in this command with the bundle below as PEM:
          <div>
            <Copied what="the command for OpenSSL" text={checkOf(file)} />
          </div>
        </div>
      </SpaceBetween>
    </Container>
  );
}
