import Alert from '@cloudscape-design/components/alert';
import { count } from './names.ts';

export type Index = { apis: number; apisRead: number; complete: boolean };

/** Says that not all stages have been read, so that usage is not known; nothing once they have. */
export function IncompleteIndex({ index: { apis, apisRead, complete } }: { index: Index }) {
  if (complete) return null;
  return (
    <Alert type="info" header="It is not known yet where every certificate is used">
      {apis === 0
        ? 'No stages have been read.'
        : `The stages of ${apisRead} of ${count(apis, 'API')} have been read.`}{' '}
      AWS cannot be asked which stages use a certificate, so the service reads one API after the other.
    </Alert>
  );
}
