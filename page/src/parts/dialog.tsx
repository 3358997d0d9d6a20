import Modal from '@cloudscape-design/components/modal';
import type { ReactNode } from 'react';
import { useViewer } from '../api/viewer.tsx';

export type DialogProps = { header: string; onClose: () => void; children: ReactNode };

/** A dialog. While the page asks for another credential, it waits unseen with what is typed there: the field would be behind it. */
export function Dialog({ header, onClose, children }: DialogProps) {
  const { isAsked } = useViewer();
  return (
    <Modal visible={!isAsked} header={header} closeAriaLabel="Close" onDismiss={onClose}>
      {children}
    </Modal>
  );
}
