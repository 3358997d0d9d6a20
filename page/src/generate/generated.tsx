import Alert, { type AlertProps } from '@cloudscape-design/components/alert';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useRef } from 'react';
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

export type GeneratedProps = { made: NewCertificate; onAnother: () => void };

/** Says which certificate there is now, and leads on. It has the focus, since the form that had it is gone. */
export function Generated({ made, onAnother }: GeneratedProps) {
  const alert = useRef<AlertProps.Ref>(null);
  useEffect(() => alert.current?.focus(), []);
  return (
    <Alert
      ref={alert}
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
        <Link href={hrefTo.generate()} onFollow={onAnother}>
          Generate another
        </Link>
      </SpaceBetween>
    </Alert>
  );
}
