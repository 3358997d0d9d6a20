import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { TextFile } from '../parts/text-file.tsx';
import type { Certificate } from './certificate.ts';

/** AWS sends CRLF lines and no newline at the end, with which `cat a.pem b.pem` makes a file that OpenSSL refuses. */
const asFile = (pem: string) => `${pem.replaceAll('\r\n', '\n').trimEnd()}\n`;

/** The certificate itself, as a file. */
export const Pem = ({
  certificate: { clientCertificateId, pemEncodedCertificate },
}: {
  certificate: Certificate;
}) => (
  <Container header={<Header variant="h2">PEM</Header>}>
    <TextFile
      name={`${clientCertificateId}.pem`}
      label="the PEM of the certificate"
      text={asFile(pemEncodedCertificate)}
    />
  </Container>
);
