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

/** How many stages have been read so far, in a sentence. */
export const readSoFar = ({ apis, apisRead }: ReadSoFarFragment): string =>
  apis === 0
    ? 'No stages have been read.'
    : `The stages of ${apisRead} of ${count(apis, 'API')} have been read.`;

/** Says that not all stages have been read, so that usage is not known; nothing once they have. */
export function IncompleteIndex({ index }: { index: ReadSoFarFragment }) {
  if (index.complete) return null;
  return (
    <Alert type="info" header="It is not known yet where every certificate is used">
      {readSoFar(index)} AWS cannot be asked which stages use a certificate, so the service reads one API
      after the other.
    </Alert>
  );
}
