import Button from '@cloudscape-design/components/button';
import { DeleteForm } from '../parts/delete-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.ts';
import { goTo, hrefTo } from '../shell/route.ts';
import type { Certificate } from './certificate.ts';

/** Asks whether to delete a certificate. Afterwards the table is shown. */
export const DeleteDialog = ({ certificate, onClose }: { certificate: Certificate; onClose: () => void }) => (
  <Dialog header={`Delete ${nameOf(certificate)}`} onClose={onClose}>
    <DeleteForm certificate={certificate} onDeleted={() => goTo(hrefTo.certificates(), { replace: true })}>
      <Button formAction="none" onClick={onClose}>
        Cancel
      </Button>
    </DeleteForm>
  </Dialog>
);
