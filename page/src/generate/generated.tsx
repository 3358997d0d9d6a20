import Alert from '@cloudscape-design/components/alert';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { nameOf } from '../parts/names.ts';
import { hrefTo } from '../shell/route.ts';

/** What came of generating. */
export type NewCertificate = {
  id: string;
  clientCertificateId: string;
  description: string | null;
  /** False if an earlier request made it. */
  generated: boolean;
  /** The id of the one that it is to replace. */
  replaces: string | undefined;
};

/** Says which certificate there is now, and leads on. */
export const Generated = ({ made }: { made: NewCertificate }) => (
  <Alert
    type={made.generated ? 'success' : 'info'}
    header={
      made.generated
        ? `${nameOf(made)} (${made.clientCertificateId}) was generated`
        : `An earlier request has generated ${nameOf(made)} (${made.clientCertificateId})`
    }
  >
    <SpaceBetween direction="horizontal" size="m">
      <Link href={hrefTo.certificate(made.id)}>Show it</Link>
      {made.replaces !== undefined && <Link href={hrefTo.replace(made.replaces)}>Go on replacing</Link>}
    </SpaceBetween>
  </Alert>
);
