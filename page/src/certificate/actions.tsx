import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useViewer } from '../api/viewer.tsx';
import { hrefTo } from '../shell/route.ts';
import type { Certificate } from './certificate.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { DescriptionDialog } from './description-dialog.tsx';

/** What can be done with a certificate. */
export function Actions({ certificate }: { certificate: Certificate }) {
  const { disabledWithout } = useViewer();
  const [dialog, setDialog] = useState<{ is: 'description' | 'delete' }>();
  const disabled = disabledWithout('client-certificates:write');
  const close = () => setDialog((now) => (now === dialog ? undefined : now)); // a late answer closes no other one
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button {...disabled} onClick={() => setDialog({ is: 'description' })}>
        Edit description
      </Button>
      <Button {...disabled} onClick={() => setDialog({ is: 'delete' })}>
        Delete
      </Button>
      <Button variant="primary" href={hrefTo.replace(certificate.id)}>
        {certificate.replacedBy ? 'Go on replacing' : 'Replace'}
      </Button>
      {dialog?.is === 'description' && <DescriptionDialog certificate={certificate} onClose={close} />}
      {dialog?.is === 'delete' && <DeleteDialog certificate={certificate} onClose={close} />}
    </SpaceBetween>
  );
}
