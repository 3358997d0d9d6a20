import Alert from '@cloudscape-design/components/alert';
import type { ReadSoFarFragment } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import { count } from './names.ts';

graphql(`
  fragment ReadSoFar on StageIndex {
    apis
    apisRead
    complete
  }
`);

/** Says that not all stages have been read, so that usage is not known; nothing once they have. */
export function IncompleteIndex({ index: { apis, apisRead, complete } }: { index: ReadSoFarFragment }) {
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
